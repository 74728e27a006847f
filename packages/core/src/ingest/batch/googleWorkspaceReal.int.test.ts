import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

describe.skipIf(!samples)("real activities of Google Workspace", () => {
  const all = samples ? sampleRecords(join(samples, "google-workspace")).map(({ record }) => (record["log"] ?? record) as JsonRecord) : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("google.workspace")!, all.map((record) => JSON.stringify(record)));
  });

  it("are recognised without a label", () => {
    expect(all).toHaveLength(32);
    expect(all.filter((record) => recognise(record).source.id !== "google.workspace")).toEqual([]);
  });

  it("give valid OCSF events", () => {
    expect(mapped).toHaveLength(all.length);
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ record: all[index], problem })))).toEqual([]);
  });

  it("say what they say: a setting that was switched off", () => {
    const { columns, ocsf } = mapped[25]!;
    expect(columns).toMatchObject({
      time: "2022-12-11 03:31:41.212", operation: "CHANGE_APPLICATION_SETTING", application: "admin", outcome: "success", entity_key: "person:example@example.io", actor_uid: "12345",
      address: "12.12.12.12", account: "D12345", resource: "AttachmentDeepScanningSettingsProto deep_scanning_enabled",
    });
    expect(ocsf).toMatchObject({ class_uid: 6003, activity_id: 3, time: Date.UTC(2022, 11, 11, 3, 31, 41, 212), src_endpoint: { ip: "12.12.12.12" }, api: { request: { data: { NEW_VALUE: "false" } } } });
  });

  it("say what they say: a document shared with a stranger", () => {
    const { columns, ocsf } = mapped[28]!;
    expect(columns).toMatchObject({
      time: "2020-09-07 15:50:49.617", operation: "change_user_access", event_type: "acl_change", application: "drive", outcome: "success", entity_key: "person:example@acme.com",
      address: null, account: "C010qxghg", resource: "1 Document Title Primary", target_user: "outside@acme.com",
    });
    expect(ocsf).toMatchObject({ class_uid: 6001, activity_id: 8, web_resources: [{ name: "1 Document Title Primary", uid: "1111111111111111111", type: "document" }], src_endpoint: { name: "unknown" } });
  });

  it("say what they say: an export of everything", () => {
    const { columns, ocsf } = mapped[21]!;
    expect(columns).toMatchObject({
      time: "2022-12-10 22:21:40.079", operation: "CUSTOMER_TAKEOUT_CREATED", outcome: "success", entity_key: "person:admin@example.io", address: null, account: "D12345", resource: "00mmmmmmmmmmmmm",
    });
    expect(ocsf).toMatchObject({ class_uid: 6003, activity_id: 1, metadata: { tenant_uid: "D12345" } });
  });

  it("say what they say: a warning about a user, and an account that Google has closed", () => {
    const warning = mapped[5]!;
    expect(warning.columns).toMatchObject({ operation: "gov_attack_warning", outcome: null, entity_key: "person:homer.simpson@example.com" });
    expect(warning.ocsf).toMatchObject({ class_uid: 2004, activity_id: 1, severity_id: 0, status_id: 0, finding_info: { title: "gov_attack_warning" } });
    const closed = mapped[20]!;
    expect(closed.columns).toMatchObject({ operation: "account_disabled_spamming", outcome: "success", entity_key: "person:bobert@ext.runpanther.io" });
    expect(closed.ocsf).toMatchObject({ class_uid: 3001, activity_id: 5, user: { name: "bobert@ext.runpanther.io" } });
  });
});
