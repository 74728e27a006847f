import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { readLake } from "../lake/index.ts";
import { scan, type ScanResult } from "./scan.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-bundles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const workerEntry = fileURLToPath(new URL("../../../cli/dist/worker.mjs", import.meta.url));

const scanned = (input: string, lake: string, source: string | null = null): Promise<ScanResult> => scan({ inputs: [input], source, rules: () => Promise.resolve([]), anyLogsource: false, keep: lake, signals: null, workerEntry, workers: 1 });
const lines = (records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");
function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function stored(lake: string, sql: string): Promise<unknown[][]> {
  const { folder: home, parts } = await readLake(lake);
  const files = parts.filter(({ kind }) => kind === "events").map(({ path }) => `'${join(home, path)}'`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const found = (await connection.runAndReadAll(`WITH events AS (FROM read_parquet([${files.join(", ")}], union_by_name = true, hive_partitioning = false)) ${sql}`)).getRowsJson();
  connection.closeSync();
  return found;
}

const tuple = (n: number): string => `1795167060,203.0.113.${n % 250},10.0.0.4,${1024 + (n % 60_000)},443,T,I,A,E,1,${n},0,0`;
const flows = (...counts: number[]): Record<string, unknown> => ({ time: "2026-11-20T09:30:00Z", category: "NetworkSecurityGroupFlowEvent", properties: { Version: 2, flows: [{ rule: "r", flows: counts.map((count, group) => ({ mac: String(group), flowTuples: Array.from({ length: count }, (_, n) => tuple(n)) })) }] } });
const trail = (n: number): Record<string, unknown> => ({ eventTime: "2024-05-14T09:30:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject", awsRegion: "eu-central-1", eventID: `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000` });
const okta = (n: number): Record<string, unknown> => ({ uuid: `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`, eventType: "user.session.start", published: "2024-05-14T09:30:00Z", displayMessage: "in", actor: { alternateId: "ines@corp.example" } });
const finding = (n: number): Record<string, unknown> => ({ Id: `f-${n}`, AwsAccountId: "111122223333", Region: "eu-central-1", ProductArn: "arn:aws:securityhub:eu-central-1::product/aws/securityhub", UpdatedAt: "2024-05-14T09:30:00Z", big: { note: "…" } });
const hook = (...events: unknown[]): Record<string, unknown> => ({ eventType: "com.okta.event_hook", eventId: "e", data: { events } });
const sns = (message: unknown): Record<string, unknown> => ({ Type: "Notification", TopicArn: "arn:aws:sns:eu-central-1:111122223333:t", Message: JSON.stringify(message) });
const bridge = (...findings: unknown[]): Record<string, unknown> => ({ "detail-type": "Security Hub Findings - Custom Action", detail: { findings } });
const otlp = (...bodies: unknown[]): Record<string, unknown> => ({ resourceLogs: [{ resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] }, scopeLogs: [{ scope: {}, logRecords: bodies.map((stringValue) => (typeof stringValue === "string" ? { timeUnixNano: "1715671800250123456", body: { stringValue } } : stringValue)) }] }] });

it("makes an event of each that a record holds, wherever the record stands", async () => {
  const records = [flows(3), flows(1), flows(0), flows(2, 2), trail(1), hook(okta(1), okta(2), 5), okta(3), hook(okta(4)), sns({ Records: [trail(2), trail(3)] }), finding(1), bridge(finding(2), finding(3)), otlp("hello", JSON.stringify(trail(4)), 7), otlp("again", "again")];
  for (const turn of [0, 11]) {
    const lake = join(folder, `mixed-${turn}`);
    const input = written(`mixed-${turn}.json`, lines([...records.slice(turn), ...records.slice(0, turn)]));
    expect((await scanned(input, lake)).counts).toEqual({ read: 25, stored: 23, duplicate: 0, dead: 2 });
    expect(await stored(lake, "SELECT source, count(*), count(DISTINCT line), count(DISTINCT event_uid) FROM events GROUP BY source ORDER BY source")).toEqual([
      ["aws.cloudtrail", "4", "3", "4"], ["aws.securityhub", "3", "2", "3"], ["azure.flow", "9", "4", "9"], ["okta.system", "4", "3", "4"], ["otlp.logs", "3", "2", "3"],
    ]);
    expect((await scanned(input, lake)).counts.stored).toBe(0);
  }
});

it("keeps of each its own part, under its place in the record; a record of one event has its own", async () => {
  const lake = join(folder, "own");
  await scanned(written("own.json", lines([flows(2), flows(1), bridge(finding(1))])), lake);
  const part = (n: number): unknown => ({ ...flows(), properties: { Version: 2, flows: [{ rule: "r", flows: [{ mac: "0", flowTuples: [tuple(n)] }] }] } });
  const rows = await stored(lake, "SELECT line, event_uid, raw_data, event_json FROM events ORDER BY line, event_uid");
  expect(rows.map(([line, , raw, event]) => [line, JSON.parse(raw as string), event === null ? null : JSON.parse(event as string)])).toEqual([[1, part(0), null], [1, part(1), null], [2, flows(1), null], [3, bridge(finding(1)), finding(1)]]);
  expect(rows.map(([, uid]) => (uid as string).replace(/^[0-9a-f]{32}/, "object"))).toEqual(["object.1:1", "object.2:1", "object:2", "111122223333:eu-central-1:f-1:2024-05-14T09:30:00Z"]);
});

it("takes a record for read when all of its events are: whatever was not committed comes again, nothing twice", { timeout: 120_000 }, async () => {
  const lake = join(folder, "crash");
  const input = written("crash.json", lines([flows(5), flows(13_000, 10), flows(5)]));
  const all = { read: 13_020, stored: 13_020, duplicate: 0, dead: 0 };
  expect((await scanned(input, lake)).counts).toEqual(all);
  const entries = (): string[] => readdirSync(join(lake, "manifest")).filter((name) => name.endsWith(".json")).sort();
  expect(entries().length).toBeGreaterThan(1);
  // As though the power had gone before the later batches were committed.
  for (const name of entries().slice(1)) rmSync(join(lake, "manifest", name));
  const { counts } = await scanned(input, lake);
  expect(counts.stored).toBeGreaterThan(0);
  expect(counts).toEqual({ read: counts.stored + counts.duplicate, stored: counts.stored, duplicate: counts.duplicate, dead: 0 });
  expect(await stored(lake, "SELECT count(*), count(DISTINCT event_uid), count(DISTINCT event_hash) FROM events")).toEqual([["13020", "13020", "13020"]]);
});

it("keeps a record whole as a dead letter that would become too much, and its neighbours", async () => {
  const lake = join(folder, "much");
  const much = { ...flows(100), resourceId: "x".repeat(1024 * 1024) };
  for (const [name, records] of [["first", [much, flows(2), trail(1)]], ["among", [trail(1), much, flows(2)]]] as const) {
    const { counts, unreadable } = await scanned(written(`${name}.json`, lines(records)), `${lake}-${name}`);
    expect(counts).toEqual({ read: 4, stored: 3, duplicate: 0, dead: 1 });
    expect(unreadable).toMatchObject([{ line: records.indexOf(much as never) + 1, reason: "its events have more than 64 MiB together" }]);
  }
});

it("makes of a record only events of the source that it is said to be of", async () => {
  const lake = join(folder, "labelled");
  await scanned(written("labelled.json", lines([okta(9), hook(okta(1), trail(2)), sns({ Records: [trail(3), trail(4)] })])), lake, "okta.system");
  expect(await stored(lake, "SELECT source, line, count(*) FROM events GROUP BY ALL ORDER BY line")).toEqual([["okta.system", 1, "1"], ["okta.system", 2, "2"], ["okta.system", 3, "1"]]);
});
