import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../test/runProgram.ts";

const folder = mkdtempSync(join(tmpdir(), "query-"));
const lake = join(folder, "lake");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (n: number, eventName: string): object => ({
  eventVersion: "1.10", eventTime: `2026-11-18T09:00:0${n}Z`, eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
  userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/dana", principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

beforeAll(() => {
  writeFileSync(join(folder, "trail.json"), JSON.stringify({ Records: [record(1, "StopLogging"), record(2, "GetTrail"), record(3, "GetTrail")] }));
  writeFileSync(join(folder, "app.ndjson"), '{"time":"2026-11-18T10:00:00Z","user":"ines","action":"export\\u001b[31m"}\n{"broken\n');
  const { stderr, status } = runProgram("scan", join(folder, "trail.json"), join(folder, "app.ndjson"), "--keep", lake, "--fail-on", "never", "--workers", "1");
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
});

const query = (sql: string, ...options: string[]): ReturnType<typeof runProgram> => runProgram("query", "--lake", lake, sql, ...options);
const rowsOf = (sql: string): unknown => JSON.parse(query(sql, "--format", "json").stdout);

describe("corduroy query", () => {
  it("asks what all sources have in common", () => {
    expect(rowsOf("select source, operation, entity_name, account, line from events order by time")).toEqual([
      { source: "aws.cloudtrail", operation: "StopLogging", entity_name: "dana", account: "111122223333", line: 1 },
      { source: "aws.cloudtrail", operation: "GetTrail", entity_name: "dana", account: "111122223333", line: 2 },
      { source: "aws.cloudtrail", operation: "GetTrail", entity_name: "dana", account: "111122223333", line: 3 },
      { source: "generic.json", operation: "export\u{1b}[31m", entity_name: "ines", account: null, line: 1 },
    ]);
  });

  it("has a view for each source, with its own columns, the vendor's record and OCSF", () => {
    const rows = rowsOf("select actor_arn, raw_data, ocsf from aws_cloudtrail where operation = 'StopLogging'") as { actor_arn: string; raw_data: string; ocsf: object }[];
    expect(rows).toHaveLength(1);
    expect(rows[0]!.actor_arn).toBe("arn:aws:iam::111122223333:user/dana");
    expect(rows[0]!.raw_data).toBe(JSON.stringify(record(1, "StopLogging")));
    expect(rows[0]!.ocsf).toMatchObject({ class_uid: 6003, api: { operation: "StopLogging" }, metadata: { version: "1.8.0" } });
    expect(rowsOf("select ocsf->>'$.actor.user.name' as name from generic_json")).toEqual([{ name: "ines" }]);
  });

  it("shows signals and dead letters", () => {
    expect(rowsOf("select distinct operation, entity_name from signals")).toEqual([{ operation: "StopLogging", entity_name: "dana" }]);
    expect(rowsOf("select line, source from dead_letters")).toEqual([{ line: 2, source: "generic.json" }]);
  });

  it("prints a table of at most --limit rows, and CSV", () => {
    const { status, stdout } = query("select operation from events order by time", "--limit", "2");
    expect(stdout.split("\n")).toEqual(["operation", "───────────", "StopLogging", "GetTrail", "", "2 rows, and more", ""]);
    expect(status).toBe(0);
    const csv = query("select line, operation from aws_cloudtrail order by line", "--format", "csv", "--limit", "1");
    expect(csv.stdout.replaceAll("\r", "")).toBe("line,operation\n1,StopLogging\n");
    expect(csv.stderr).toContain("There are more rows");
  });

  it("ends with 2 and shows the place when the SQL is wrong", () => {
    const { status, stdout, stderr } = query("select nothing_such from events");
    expect(stderr).toMatch(/^corduroy: .*nothing_such.*\n\nLINE 1: select nothing_such from events\n +\^\n/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it("ends with 2 where there is no lake", () => {
    const { status, stderr } = runProgram("query", "--lake", join(folder, "nowhere"), "select 1");
    expect(stderr).toContain("There is no lake in ");
    expect(status).toBe(2);
  });
});
