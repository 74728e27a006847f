import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

describe.skipIf(!samples)("real findings of GuardDuty", () => {
  const all = samples ? sampleRecords(join(samples, "aws-guardduty")).map(({ record }) => (record["log"] ?? record) as JsonRecord) : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.guardduty")!, all.map((record) => JSON.stringify(record)));
  });
  const byType = (type: string): Mapped => mapped.find(({ columns }) => columns["operation"] === type)!;

  it("are recognised without a label, also inside an event of EventBridge", () => {
    expect(all).toHaveLength(14);
    expect(all.filter((record) => recognise(record).source.id !== "aws.guardduty")).toEqual([]);
  });

  it("give valid OCSF events", () => {
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ record: all[index], problem })))).toEqual([]);
  });

  it("say what they say: root's credentials", () => {
    const { columns, ocsf } = byType("Policy:IAMUser/RootCredentialUsage");
    expect(columns).toMatchObject({ time: "2019-06-09 19:10:23.308", entity_key: "user:123456789012:root", address: "198.51.100.0", outcome: null, resource: "GeneratedFindingAccessKeyId", account: "123456789012", region: "us-west-2" });
    expect(ocsf).toMatchObject({ time: Date.UTC(2019, 5, 9, 19, 10, 23, 308), type_uid: 200402, severity_id: 2, count: 2, finding_info: { uid: "8eb59ed2edb365934d69edec9ec08f6a" } });
  });

  it("say what they say: a machine that asks the DNS", () => {
    const { columns, ocsf } = byType("Trojan:EC2/DropPoint!DNS");
    expect(columns).toMatchObject({ time: "2019-06-09 19:10:23.315", entity_key: "role:i-99999999", address: null, outcome: null, resource: "i-99999999", account: "123456789012" });
    expect(ocsf).toMatchObject({ severity_id: 3, evidences: [{ query: { hostname: "example.com" } }], resources: [{ uid: "i-99999999", type: "Instance" }] });
  });

  it("say what they say: the sequence of an attack", () => {
    const { columns, ocsf } = byType("AttackSequence:IAM/CompromisedCredentials");
    expect(columns).toMatchObject({ time: "2025-02-25 20:40:06", entity_key: "account:123456789012", address: null, outcome: null, resource: "AttackSequence", account: "123456789012" });
    expect(ocsf).toMatchObject({ severity_id: 5, severity: "Critical", activity_id: 1, finding_info: { title: "Potential credential compromise of IAMUser/john_doe indicated by a sequence of actions." } });
  });
});
