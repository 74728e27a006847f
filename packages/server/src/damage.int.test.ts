import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { api } from "@corduroy/contract";
import { testService } from "./test/running.ts";

const test = testService();

const record = (n: number): object => ({
  eventVersion: "1.10", eventTime: `2026-11-18T09:00:${String(n % 60).padStart(2, "0")}Z`, eventSource: "s3.amazonaws.com", eventName: "GetObject", awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
  userIdentity: { type: "IAMUser", userName: `user-${n}`, accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/x", principalId: "AIDAEXAMPLE" }, eventID: `${String(n).padStart(8, "0")}-45a4-42ca-b3ce-497786000001`, recipientAccountId: "111122223333",
});
const trail = (from: number, many: number): string => JSON.stringify({ Records: Array.from({ length: many }, (_, index) => record(from + index)) });

/** The file of the only part of this kind. */
function partIn(folder: string): string {
  const name = readdirSync(join(test.folder, "data/lake", folder)).find((each) => each.endsWith(".parquet"))!;
  return join(folder, name);
}

/** Flips some bytes, and gives what undoes it. */
function damage(path: string, from: number, to: number): () => void {
  const file = join(test.folder, "data/lake", path);
  const whole = readFileSync(file);
  const damaged = Buffer.from(whole);
  for (let at = Math.floor(from * whole.length); at < Math.floor(to * whole.length); at++) damaged[at]! ^= 0xff;
  writeFileSync(file, damaged);
  return () => writeFileSync(file, whole);
}

it("a part that is damaged is named by queries and by the check, and everything else goes on", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "t", scopes: ["write", "events:*"], days: 1 } });
  const send = async (source: string, body: string): Promise<void> => {
    expect((await test.fetch(`/v1/events/${source}`, { method: "POST", headers: { Authorization: `Bearer ${token}` }, body })).status).toBe(202);
    await test.service.ingest.receiver.spool.seal();
    while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  };
  const ask = async (sql: string): Promise<string> => (await test.fetch("/v1/query", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql }) })).text();
  await send("aws.cloudtrail", trail(0, 500));
  await send("generic.json", '{"user":"ines"}\n');
  const path = partIn("events/source=aws.cloudtrail/day=2026-11-18");

  for (const [from, to] of [[0.1, 0.6], [0.95, 1]] as const) {
    const mend = damage(path, from, to);
    const answer = JSON.parse((await ask("select sum(hash(raw_data)) from aws_cloudtrail")).trimEnd().split("\n").at(-1)!) as { detail?: string; hint?: string };
    expect(answer.detail).toContain(`The file ${path} of the lake cannot be read: `);
    expect(answer.hint).toMatch(/^Restore it from a backup\./);
    expect(JSON.stringify(answer)).not.toContain(test.folder);
    expect(await ask("select count(*) as n from generic_json")).toContain('{"row":[1]}');
    const { problems } = await test.admin.call(api.admin.checkLake);
    expect(problems).toEqual([`${path}: The content of the file has changed since it was written. Restore this file from a backup; until then queries that need it fail.`]);
    expect(test.log.at(-1)).toBe(problems[0]);
    mend();
  }

  // Events of the same time are taken in, although nobody can compare them with those of the part.
  const mend = damage(path, 0.1, 0.6);
  await send("aws.cloudtrail", trail(500, 20));
  await vi.waitFor(() => expect(test.log.some((line) => line.includes(path) && line.includes("This part of the lake cannot be read"))).toBe(true));
  mend();
  expect(await ask("select count(*) as n, count(distinct event_uid) as ids from aws_cloudtrail")).toContain('{"row":[520,520]}');
  expect((await test.admin.call(api.admin.checkLake)).problems).toEqual([]);
  expect(await test.service.ingest.receiver.spool.quarantined()).toEqual([]);
});
