import { expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords } from "./test/mapRecords.ts";

const admin = { kind: "admin#reports#activity", id: { time: "2024-05-14T09:30:00Z", uniqueQualifier: "1", applicationName: "admin", customerId: "C0example1" } };
const list = (values: Readonly<Record<string, unknown>>): JsonRecord[] => Object.entries(values).map(([name, value]) => ({ name, ...(typeof value === "boolean" ? { boolValue: value } : { value }) }));
const activity = (...events: readonly JsonRecord[]): JsonRecord => ({ ...admin, events: events.map((values) => ({ name: "CHANGE_APPLICATION_SETTING", parameters: list(values) })) });
const lifted = (parameters: unknown): JsonRecord => ({ ...admin, name: "CHANGE_APPLICATION_SETTING", parameters });
const entry = (...events: readonly JsonRecord[]): JsonRecord => ({ protoPayload: { serviceName: "admin.googleapis.com", metadata: { "@type": "type.googleapis.com/ccc_hosted_reporting.ActivityProto", event: events.map((values) => ({ eventName: "CHANGE_APPLICATION_SETTING", parameter: list(values) })) } } });

const CASES: readonly (readonly [record: JsonRecord, settingName: readonly string[] | null, newValue: readonly string[] | null])[] = [
  [activity({ SETTING_NAME: "s", NEW_VALUE: "false", OLD_VALUE: "true" }), ["s"], ["false"]],
  [entry({ SETTING_NAME: "s", NEW_VALUE: "false", OLD_VALUE: "true" }), ["s"], ["false"]],
  [lifted({ SETTING_NAME: "s", NEW_VALUE: "false" }), ["s"], ["false"]],
  [activity({ OLD_VALUE: "true" }), null, null],
  [activity({ NEW_VALUE: "" }), null, [""]],
  [activity({ NEW_VALUE: false }), null, ["false"]],
  [activity({ SETTING_NAME: "s", NEW_VALUE: "1" }, { DOMAIN_NAME: "corp.example" }, { SETTING_NAME: "t", NEW_VALUE: "2" }), ["s", "t"], ["1", "2"]],
  [entry({ DOMAIN_NAME: "corp.example" }, { NEW_VALUE: "2" }), [], ["2"]],
  [{ ...admin, events: [7, { parameters: "none" }] }, [], []],
  [lifted("none"), null, null],
];

it("gives the parameters that rules ask for by name, of all events of an activity, in each of its forms", async () => {
  const mapped = await mapRecords(sourceById("google.workspace")!, CASES.map(([record]) => JSON.stringify(record)));
  expect(mapped.map(({ columns }) => [columns["setting_name"] ?? null, columns["new_value"] ?? null])).toEqual(CASES.map(([, ...values]) => values));
});
