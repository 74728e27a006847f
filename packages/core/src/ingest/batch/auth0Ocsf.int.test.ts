import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { damagedSamples } from "./test/damagedSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const folder = process.env.CORDUROY_SAMPLES;
const auth0 = sourceById("auth0.logs")!;

it("stays valid whatever stands where in an Auth0 record", async () => {
  const records = damagedSamples(auth0, 2000);
  const mapped = await mapRecords(auth0, records.map((record) => JSON.stringify(record)));
  mapped.forEach(({ ocsf }, index) => expect({ record: records[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
});

it.each([
  { type: "s", date: "2024-05-14T09:00:00Z", description: "x" },
  { type: "order", date: "2024-05-14T09:00:00Z", client_id: "1", ip: "203.0.113.4" },
  { type: "s", log_id: "900", client_id: "1", ip: "203.0.113.4" },
  { log_id: "90020240514090112345678000000000000001223372036854775807", data: { note: "nothing of Auth0's" } },
])("leaves what only resembles an Auth0 record alone: %j", (record) => {
  expect(recognise(record).source.id).toBe("generic.json");
});

describe.skipIf(!folder)("real Auth0 records", () => {
  const records = folder ? readFileSync(join(folder, "auth0/panther/Auth0.Events.jsonl"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { log: JsonRecord }).log) : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(auth0, records.map((record) => JSON.stringify(record)));
  });

  it("are told without a label", () => {
    expect(records.map((record) => recognise(record).source.id)).toEqual(Array(38).fill("auth0.logs"));
  });

  it("give valid OCSF events, each with an operation", () => {
    expect(mapped).toHaveLength(38);
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ index, problem })))).toEqual([]);
    expect(mapped.filter(({ columns }) => !columns["operation"])).toEqual([]);
  });

  it.each([
    {
      line: 2,
      columns: { time: "2025-10-03 14:09:32.149", entity_key: "person:denethor@lotr.com", address: "12.12.12.12", operation: "Update Suspicious IP Throttling settings", outcome: "400", resource: "/v2/attack-protection/suspicious-ip-throttling", account: null },
      ocsf: { class_uid: 6003, activity_id: 1, status_id: 2, time: 1759500572149, api: { response: { code: 400 } } },
    },
    {
      line: 11,
      columns: { time: "2024-10-29 18:52:51.953", entity_key: "address:2605:59c8:3075:214:d003:e902:2b01:dc14", operation: "Failed cross-origin authentication", outcome: "fcoa", resource: "App Frontend", service: "App Frontend", account: null },
      ocsf: { class_uid: 3002, activity_id: 1, status_id: 2, status_detail: "Unable to configure verification page.", src_endpoint: { ip: "2605:59c8:3075:214:d003:e902:2b01:dc14" } },
    },
    {
      line: 28,
      columns: { time: "2025-10-03 14:09:32.149", entity_key: "person:eve@lexcorp.com", address: "12.12.12.12", operation: "MFA Enrollment complete", outcome: "success", account: null },
      ocsf: { class_uid: 3001, activity_id: 10, user: { name: "eve@lexcorp.com" } },
    },
  ])("says what stands in record $line", ({ line, columns, ocsf }) => {
    expect(mapped[line - 1]!.columns).toMatchObject(columns);
    expect(mapped[line - 1]!.ocsf).toMatchObject(ocsf);
  });
});
