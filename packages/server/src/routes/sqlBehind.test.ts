import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { beforeAll, expect, it } from "vitest";
import { sqlBehind } from "./sqlBehind.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run("CREATE TABLE events AS SELECT 'e' || i AS event_uid, TIMESTAMP '2026-11-18 09:00:00.000700' + to_seconds(i) AS time, i AS operation, '' AS outcome, '' AS address, '' AS account, '' AS region, '' AS resource, '{}' AS raw_data FROM range(4) r(i)");
  await connection.run("CREATE TABLE signals AS SELECT event_uid, time, CASE WHEN operation = 3 THEN 'other' ELSE 'it''s a rule' END AS rule_id, 'user:' || operation AS entity_key FROM events");
});

const finding = { ruleId: "it's a rule", entityKind: "user", entityKey: "user:2", firstSeen: new Date("2026-11-18T09:00:00.000Z"), lastSeen: new Date("2026-11-18T09:00:02.000Z") } as const;
const behind = async (change: Partial<Omit<typeof finding, "entityKind" | "entityKey" | "ruleId">> & { ruleId?: string; entityKind?: "many"; entityKey?: string }): Promise<unknown[]> => (await connection.runAndReadAll(sqlBehind({ ...finding, ...change })!)).getRows().map(([, operation]) => Number(operation));

it("shows the events of the finding, also the last one, whose time has more digits than the finding's", async () => {
  expect(await behind({})).toEqual([2]);
  expect(await behind({ entityKey: "user:0" })).toEqual([0]);
});

it("shows those of every entity behind a finding about many, and nothing for one that no event is behind", async () => {
  expect(await behind({ entityKind: "many", entityKey: "many" })).toEqual([0, 1, 2]);
  for (const ruleId of ["corduroy.ownership", "corduroy.source-quiet", "corduroy.collector-fails"]) expect(sqlBehind({ ...finding, ruleId })).toBeNull();
});
