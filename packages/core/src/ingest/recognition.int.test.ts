import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { readLake } from "../lake/index.ts";
import { scan, type ScanResult } from "./scan.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-recognition-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const workerEntry = fileURLToPath(new URL("../../../cli/dist/worker.mjs", import.meta.url));

const trail = (n: number): Record<string, unknown> => ({ eventTime: "2024-05-14T09:30:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject", awsRegion: "eu-central-1", eventID: `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000` });
const audit = (n: number): Record<string, unknown> => ({ kind: "Event", apiVersion: "audit.k8s.io/v1", auditID: `3f5c1c1e-0000-4000-8000-${String(n).padStart(12, "0")}`, stage: "ResponseComplete", verb: "get", requestReceivedTimestamp: "2024-05-14T09:30:00Z" });
const other = (n: number): Record<string, unknown> => ({ time: "2024-05-14T09:30:00Z", n });
const lines = (records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

let runs = 0;
async function scanned(text: string, options: { source?: string; keep?: string; name?: string } = {}): Promise<{ result: ScanResult; lake: string }> {
  const input = join(folder, options.name ?? `${++runs}.json`);
  writeFileSync(input, text);
  const lake = options.keep ?? join(folder, `lake-${++runs}`);
  const result = await scan({ inputs: [input], source: options.source ?? null, rules: () => Promise.resolve([]), anyLogsource: false, keep: lake, signals: null, workerEntry, workers: 1 });
  return { result, lake };
}

/** Events of a lake by source, each with the numbers of its records. */
async function kept(lake: string): Promise<Record<string, number[]>> {
  const { folder: home, parts } = await readLake(lake);
  const files = parts.filter(({ kind }) => kind === "events").map(({ path }) => `'${join(home, path)}'`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const found = (await connection.runAndReadAll(`SELECT source, list(line ORDER BY line) FROM read_parquet([${files.join(", ")}], union_by_name = true, hive_partitioning = false) GROUP BY source`)).getRowsJson();
  connection.closeSync();
  return Object.fromEntries(found.map(([source, list]) => [source as string, list as number[]]));
}

it("tells every record of a mixed text by itself, whatever the first one is", async () => {
  for (const first of [trail, audit, other]) {
    const records = [first(0), trail(1), audit(2), other(3), audit(4), trail(5), other(6)];
    const { result, lake } = await scanned(lines(records));
    expect(result.counts).toEqual({ read: 7, stored: 7, duplicate: 0, dead: 0 });
    const expected: Record<string, number[]> = { "aws.cloudtrail": [2, 6], "kubernetes.audit": [3, 5], "generic.json": [4, 7] };
    expected[first === trail ? "aws.cloudtrail" : first === audit ? "kubernetes.audit" : "generic.json"]!.unshift(1);
    expect(await kept(lake)).toEqual(expected);
  }
});

it("takes what is labelled for that, whatever it looks like: who may send one source must not write into another", async () => {
  const { lake } = await scanned(lines([other(1), trail(2), audit(3)]), { source: "generic.json" });
  expect(await kept(lake)).toEqual({ "generic.json": [1, 2, 3] });
  expect(await kept((await scanned(lines([trail(1), audit(2)]), { source: "aws.cloudtrail" })).lake)).toEqual({ "aws.cloudtrail": [1, 2] });
});

it("reads events out of the lists and records that wrap them", async () => {
  const texts: [string, string, number[]][] = [
    ["an EventList", JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {}, items: [audit(1), audit(2)] }), [1, 2]],
    ["an EventList over lines", JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: { note: '"items": [{' }, items: [audit(1), audit(2)] }, null, 2), [1, 2]],
    ["an EventList whose items leave kind and version to it", JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {}, items: [1, 2].map((n) => ({ ...audit(n), kind: undefined, apiVersion: undefined, level: "Metadata" })) }), [1, 2]],
    ["CloudWatch Logs", JSON.stringify({ messageType: "DATA_MESSAGE", owner: "111122223333", logGroup: "/aws/eks/a/cluster", logEvents: [{ id: "1", timestamp: 1, message: JSON.stringify(audit(1)) }, { id: "2", timestamp: 2, message: JSON.stringify(audit(2)) }] }), [1, 2]],
    ["Azure", lines([{ records: [{ category: "kube-audit", properties: { log: JSON.stringify(audit(1)) } }] }, { records: [{ category: "kube-audit", properties: { log: JSON.stringify(audit(2)) } }] }]), [1, 2]],
    ["EventBridge in a notification", lines([{ Type: "Notification", TopicArn: "arn:aws:sns:eu-central-1:111122223333:t", Message: JSON.stringify({ "detail-type": "x", detail: audit(1) }) }]), [1]],
  ];
  for (const [name, text, numbers] of texts) {
    const { result, lake } = await scanned(text);
    expect({ name, kept: await kept(lake), dead: result.counts.dead }).toEqual({ name, kept: { "kubernetes.audit": numbers }, dead: 0 });
  }
});

it("leaves a record whole that has a list of such a name inside", async () => {
  const { lake } = await scanned(lines([{ time: 1, items: [{ a: 1 }, { a: 2 }] }, { user: "x", data: { Records: [{ a: 1 }] } }, { kind: "List", items: [{ a: 1 }] }]));
  expect(await kept(lake)).toEqual({ "generic.json": [1, 2, 3] });
});

it("goes on where a mixed text has grown, and keeps nothing twice", async () => {
  const records = [trail(1), audit(2), other(3)];
  const { lake } = await scanned(lines(records), { name: "grows.json" });
  const { result } = await scanned(lines([...records, audit(4), other(5), trail(6)]), { name: "grows.json", keep: lake });
  expect(result.counts).toEqual({ read: 6, stored: 3, duplicate: 3, dead: 0 });
  expect(await kept(lake)).toEqual({ "aws.cloudtrail": [1, 6], "kubernetes.audit": [2, 4], "generic.json": [3, 5] });
});

it("keeps a large mixed text whole, over many batches", async () => {
  const count = 30_000;
  const records = Array.from({ length: count }, (_, n) => [trail, audit, other, trail, trail][n % 5]!(n));
  const { result, lake } = await scanned(lines(records));
  expect(result.counts).toEqual({ read: count, stored: count, duplicate: 0, dead: 0 });
  const { "aws.cloudtrail": trails, "kubernetes.audit": audits, "generic.json": others } = await kept(lake);
  expect([trails!.length, audits!.length, others!.length]).toEqual([18_000, 6_000, 6_000]);
});

const access = (n: number): string => `203.0.113.9 - - [14/May/2024:09:30:${String(n).padStart(2, "0")} +0000] "GET /${n} HTTP/1.1" 200 1 "-" "curl"`;

it("keeps lines of text, each as what it is, and JSON among them", async () => {
  const { result, lake } = await scanned(["[Tue May 14 09:30:00 2024] [error] no such file", access(1), "# a note", JSON.stringify(trail(1)), access(2), "", JSON.stringify(other(2)), "\tat main (x.js:1)", access(3)].join("\n"));
  expect(result.counts).toEqual({ read: 8, stored: 8, duplicate: 0, dead: 0 });
  expect(await kept(lake)).toEqual({ "web.error": [1], "generic.text": [3, 8], "web.access": [2, 5, 9], "aws.cloudtrail": [4], "generic.json": [7] });
});

it("tells sign-ins from other lines of syslog, whichever come first, and both from a program's own log", async () => {
  const auth = ["May 14 09:30:00 web1 sshd[7]: Connection closed by 203.0.113.9 port 4 [preauth]", "<86>1 2024-05-14T09:30:00Z web1 sudo - - - ines : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", "May 14 09:30:00 web1 CRON[7]: message repeated 2 times: [ pam_unix(cron:session): session closed for user root]"];
  const other = ["May 14 09:30:00 web1 kernel: usb 1-1: new device", "<13>1 2024-05-14T09:30:00Z web1 shop - - - sshd[7]: Accepted", `<6>May 14 09:30:00 web1 shop[2]: ${"x".repeat(1_000_000)}`];
  const plain = ["2024-05-14T09:30:00Z ERROR main: failed", "May 14 we met", `May 14 09:30:00 web1 nginx: ${access(1)}`];
  const journal = ["sshd", "kernel"].map((name) => JSON.stringify({ __REALTIME_TIMESTAMP: "1715679000000123", _HOSTNAME: "web1", SYSLOG_IDENTIFIER: name, MESSAGE: [65, 99, 10] }));
  const { lake } = await scanned([...auth, ...other, ...plain, ...journal].join("\n"), { name: "auth.log" });
  expect(await kept(lake)).toEqual({ "linux.auth": [1, 2, 3, 10], syslog: [4, 5, 6, 11], "generic.text": [7, 8], "web.access": [9] });
  const { lake: second } = await scanned([...other, ...journal, ...plain, ...auth].join("\n"), { name: "syslog" });
  expect(await kept(second)).toEqual({ syslog: [1, 2, 3, 5], "linux.auth": [4, 9, 10, 11], "generic.text": [6, 7], "web.access": [8] });
});

it("takes a line among the records of a known source for damage, and one that is not of the source it is said to be of", async () => {
  const { result, lake } = await scanned(lines([trail(1)]) + "half a record\n" + lines([audit(2)]));
  expect(result.counts).toEqual({ read: 3, stored: 2, duplicate: 0, dead: 1 });
  expect(result.unreadable).toMatchObject([{ line: 2, reason: "not a JSON object" }]);
  expect(await kept(lake)).toEqual({ "aws.cloudtrail": [1], "kubernetes.audit": [3] });
  const { result: labelled, lake: web } = await scanned([access(1), "nothing like it", JSON.stringify(trail(1)), access(2)].join("\n"), { source: "web.access" });
  expect(labelled.counts).toEqual({ read: 4, stored: 2, duplicate: 0, dead: 2 });
  expect(labelled.unreadable.map(({ line, reason }) => [line, reason])).toEqual([[2, "not a line of web.access"], [3, "not a line of web.access"]]);
  expect(await kept(web)).toEqual({ "web.access": [1, 4] });
});

it("takes as long for records that cannot be read as for others, labelled or not", { timeout: 60_000 }, async () => {
  const text = "{x\n".repeat(100_000);
  for (const source of [undefined, "aws.cloudtrail"]) expect((await scanned(text, source === undefined ? {} : { source })).result.counts).toEqual({ read: 100_000, stored: 0, duplicate: 0, dead: 100_000 });
});

it("keeps a line of 3 MiB whole as text of no particular kind; where all is said to be of one, it is a dead letter", async () => {
  const access = '192.0.2.1 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"';
  const text = `${access}\n${access} ${'" '.repeat(1_572_864)}\n${access}\n`;
  expect(await kept((await scanned(text)).lake)).toEqual({ "web.access": [1, 3], "generic.text": [2] });
  const { result } = await scanned(text, { source: "web.access" });
  expect({ counts: result.counts, reasons: result.unreadable.map(({ line, reason }) => ({ line, reason })) }).toEqual({
    counts: { read: 3, stored: 2, duplicate: 0, dead: 1 },
    reasons: [{ line: 2, reason: "not a line of web.access: longer than 2 MiB" }],
  });
});

/** A column of the events in a lake, in the order of their lines. */
async function column(lake: string, name: string): Promise<unknown[]> {
  const { folder: home, parts } = await readLake(lake);
  const files = parts.filter(({ kind }) => kind === "events").map(({ path }) => `'${join(home, path)}'`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const found = (await connection.runAndReadAll(`SELECT ${name} FROM read_parquet([${files.join(", ")}], union_by_name = true, hive_partitioning = false) ORDER BY line`)).getRowsJson();
  connection.closeSync();
  return found.map(([value]) => value);
}

it("reads lines by the header above them, also where files were joined, and where one has grown", async () => {
  const flow = (n: number): Record<string, string> => ({ srcaddr: `192.0.2.${n}`, dstaddr: "198.51.100.1", "log-status": "OK", action: "ACCEPT", "account-id": "111122223333", start: "1715679000", end: "1715679060", surprise: "x" });
  const file = (order: readonly string[], numbers: readonly number[]): string => [order.join(" "), ...numbers.map((n) => order.map((name) => flow(n)[name]).join(" "))].join("\n");
  const first = file(["account-id", "dstaddr", "srcaddr", "action", "log-status", "start", "end"], [1, 2]);
  const second = file(["surprise", "srcaddr", "dstaddr", "end", "start", "log-status", "action", "account-id"], [3, 4, 5]);
  const third = file(["dstaddr", "account-id", "action", "srcaddr", "log-status", "start", "end"], [1, 2]);
  const text = `${first}\n${second}\n${first}\n${first}\n${third}\n`;
  const { result, lake } = await scanned(text, { name: "flows.log" });
  expect(result.counts).toEqual({ read: 11, stored: 11, duplicate: 0, dead: 0 });
  expect(await kept(lake)).toEqual({ "aws.vpcflow": [2, 3, 5, 6, 7, 9, 10, 12, 13, 15, 16] });
  expect(await column(lake, "address")).toEqual([1, 2, 3, 4, 5, 1, 2, 1, 2, 1, 2].map((n) => `192.0.2.${n}`));
  const more = await scanned(`${text}${file(["action", "srcaddr", "dstaddr"], [6])}\n`, { name: "flows.log", keep: lake });
  expect(more.result.counts).toMatchObject({ stored: 1, dead: 0 });
  expect((await column(lake, "address")).at(-1)).toBe("192.0.2.6");
});

it("reads lines by the nearest header above them, however many batches lie between, and where a file grew below it", async () => {
  const orders = [["account-id", "srcaddr", "dstaddr"], ["account-id", "dstaddr", "srcaddr"]] as const;
  const fields: Record<string, string> = { "account-id": "111122223333", srcaddr: "192.0.2.1", dstaddr: "198.51.100.1" };
  // More than a batch of lines may hold, and the next header has the same number of names.
  const many = (order: readonly string[]): string => `${order.join(" ")}\n${`${order.map((name) => fields[name]).join(" ")}\n`.repeat(130_000)}`;
  const text = orders.map(many).join("");
  const { result, lake } = await scanned(text, { name: "joined.log" });
  expect(result.counts).toEqual({ read: 260_000, stored: 260_000, duplicate: 0, dead: 0 });
  expect(await column(lake, "DISTINCT address, 1 AS line")).toEqual(["192.0.2.1"]);
  await scanned(`${text}${orders[1].map((name) => fields[name]).join(" ")}\n`, { name: "joined.log", keep: lake });
  expect(await column(lake, "count(*)::INTEGER AS line")).toEqual([260_001]);
  expect(await column(lake, "DISTINCT address, 1 AS line")).toEqual(["192.0.2.1"]);
});

it("holds out against a line that looks like a header of a megabyte", async () => {
  const flow = "2 111122223333 eni-0a1b2c3d 192.0.2.1 198.51.100.1 443 50000 6 1 40 1715679000 1715679060 ACCEPT OK";
  const { result, lake } = await scanned(`${flow}\n${"a ".repeat(900_000)}a\n${flow}\n`);
  expect(result.counts).toEqual({ read: 3, stored: 3, duplicate: 0, dead: 0 });
  expect(await kept(lake)).toEqual({ "aws.vpcflow": [1, 3], "generic.text": [2] });
});

it("joins the lines of an event, and loses none where a file grew in the middle of one", async () => {
  const audited = (serial: number, type: string, rest: string): string => `type=${type} msg=audit(1715679000.123:${serial}): ${rest}`;
  const call = (serial: number): string => audited(serial, "SYSCALL", "arch=c000003e syscall=59 success=yes exit=0 pid=1 auid=1000 uid=0 exe=\"/usr/bin/id\" key=\"exec\"");
  const half = [call(1), audited(1, "CWD", 'cwd="/"'), call(2), audited(1, "EOE", ""), audited(2, "CWD", 'cwd="/"')];
  const { result, lake } = await scanned(`${half.join("\n")}\n`, { name: "audit.log" });
  expect(result.counts).toEqual({ read: 2, stored: 2, duplicate: 0, dead: 0 });
  expect(await column(lake, "line")).toEqual([1, 3]);
  await scanned(`${[...half, audited(2, "PATH", 'item=0 name="/usr/bin/id" nametype=NORMAL'), audited(2, "EOE", ""), call(3)].join("\n")}\n`, { name: "audit.log", keep: lake });
  const raw = (await column(lake, "raw_data")).map(String);
  for (const line of [...half.map((text) => text.trimEnd()), "nametype=NORMAL", call(3)]) expect(raw.some((record) => record.includes(line))).toBe(true);
  expect(raw.filter((record) => record.includes(":1)"))).toHaveLength(1);
});
