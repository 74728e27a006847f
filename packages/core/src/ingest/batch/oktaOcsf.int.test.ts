import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { damagedSamples } from "./test/damagedSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const folder = process.env.CORDUROY_SAMPLES;
const okta = sourceById("okta.system")!;

it("stays valid whatever stands where in an Okta record", async () => {
  const records = damagedSamples(okta, 2000);
  const mapped = await mapRecords(okta, records.map((record) => JSON.stringify(record)));
  mapped.forEach(({ ocsf }, index) => expect({ record: records[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
});

it.each([
  { eventType: "user.session.start", published: "2024-05-14T09:00:00Z" },
  { eventType: "login", published: "2024-05-14T09:00:00Z", displayMessage: "Signed in", actor: { alternateId: "anna" } },
  { eventType: "order.created", actor: { id: "1", name: "anna" }, message: "made" },
  { eventtype: "order.created", published: "2024-05-14T09:00:00Z", actor: "anna" },
])("leaves what only resembles an Okta record alone: %j", (record) => {
  expect(recognise(record).source.id).toBe("generic.json");
});

describe.skipIf(!folder)("real Okta records", () => {
  const all = folder ? readFileSync(join(folder, "okta/panther/Okta.SystemLog.jsonl"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { log: JsonRecord }).log) : [];
  // The last two say nothing that Okta alone would say: `{}` and an event type of one word.
  const records = all.slice(0, -2);
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(okta, records.map((record) => JSON.stringify(record)));
  });

  it("are told without a label, and nothing else is", () => {
    expect(records.map((record) => recognise(record).source.id)).toEqual(Array(32).fill("okta.system"));
    expect(all.slice(-2).map((record) => recognise(record).source.id)).toEqual(["generic.json", "generic.json"]);
  });

  it("give valid OCSF events, each with an operation and a class of its own", () => {
    expect(mapped).toHaveLength(32);
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ index, problem })))).toEqual([]);
    expect(mapped.filter(({ columns }) => !columns["operation"])).toEqual([]);
  });

  it.each([
    {
      line: 3,
      columns: { time: "2020-11-25 21:27:03.496", event_uid: "2a992f80-d1ad-4f62-900e-8c68bb72a21b", entity_key: "person:jack@acme.io", address: "136.24.229.58", operation: "user.account.privilege.grant", outcome: "success", resource: "alice@acme.io", account: null },
      ocsf: { class_uid: 3005, activity_id: 1, time: 1606339623496, user: { name: "alice@acme.io" }, privileges: ["Organization administrator", "Application administrator (all)"] },
    },
    {
      line: 5,
      columns: { time: "2022-12-13 00:58:19.811", entity_key: "person:homer.simpson@duff.com", address: "1.2.3.4", operation: "app.generic.unauth_app_access_attempt", outcome: "FAILURE", resource: "App (123)", service: "App (123)", account: null },
      ocsf: { class_uid: 3002, activity_id: 1, status_id: 2, src_endpoint: { ip: "1.2.3.4", location: { city: "Springfield" } }, actor: { session: { uid: "xyz1234" } } },
    },
    {
      line: 21,
      columns: { time: "2022-12-14 19:16:32.015", entity_key: "address:1.2.3.4", address: "1.2.3.4", operation: "security.threat.detected", resource: null, account: null },
      ocsf: { class_uid: 2004, activity_id: 1, finding_info: { title: "Request from suspicious actor" }, evidences: [{ src_endpoint: { ip: "1.2.3.4" } }] },
    },
    { line: 31, columns: { entity_key: "address:111.111.111.111", operation: "user.session.start", outcome: "success", actor_name: "admin" }, ocsf: { class_uid: 3002, user: { name: "admin" } } },
  ])("says what stands in record $line", ({ line, columns, ocsf }) => {
    expect(mapped[line - 1]!.columns).toMatchObject(columns);
    expect(mapped[line - 1]!.ocsf).toMatchObject(ocsf);
  });
});
