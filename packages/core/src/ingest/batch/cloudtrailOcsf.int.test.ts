import { readdirSync, readFileSync } from "node:fs";
import { validate } from "@corduroy/ocsf";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { fuzzed } from "./test/fuzzed.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

/** An invented record, what it is about, and what becomes of it. */
interface Sample {
  about: string;
  record: JsonRecord;
  entity: string;
  ocsf: JsonRecord;
}

const folder = new URL("../../sources/aws.cloudtrail/samples/", import.meta.url);
const names = readdirSync(folder).sort();
const samples = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Sample);

describe("CloudTrail records as OCSF", () => {
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.cloudtrail")!, samples.map(({ record }) => JSON.stringify(record)));
  });

  it.each(names.map((name, index) => ({ name: name.replace(".json", ""), index })))("$name", ({ index }) => {
    const { ocsf, entity } = samples[index]!;
    expect(mapped[index]!.ocsf).toEqual(ocsf);
    expect(mapped[index]!.columns["entity_key"]).toBe(entity);
    expect(validate(mapped[index]!.ocsf)).toEqual([]);
  });

  it("stays valid whatever stands in the fields", async () => {
    const text = fc.string({ unit: "binary", maxLength: 8 });
    const value = fc.oneof(text, fc.jsonValue({ stringUnit: "binary" }), fc.ipV6(), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()));
    const object = (names: readonly string[]): fc.Arbitrary<unknown> =>
      fc.oneof(value, fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }));
    const record = fc.record(
      {
        eventSource: fc.oneof(value, fc.constantFrom("iam.amazonaws.com", "sts.amazonaws.com", "signin.amazonaws.com")),
        eventName: fc.oneof(value, fc.constantFrom("AssumeRole", "AssumeRoot", "CreateUser", "AttachUserPolicy", "AddUserToGroup", "PutRolePolicy", "GetFederationToken")),
        userIdentity: fc.oneof(
          object(["type", "principalId", "arn", "accountId", "userName", "invokedBy", "sessionContext"]),
          fc.record({ type: fc.constantFrom("Root", "IAMUser", "AssumedRole", "AWSService", "Unknown"), sessionContext: object(["attributes", "sessionIssuer"]) }),
        ),
        ...Object.fromEntries(["eventTime", "eventID", "requestID", "sourceIPAddress", "errorCode", "awsRegion", "recipientAccountId", "eventCategory"].map((name) => [name, value])),
        resources: fc.oneof(value, fc.array(object(["ARN", "type", "accountId"]), { maxLength: 3 })),
        requestParameters: object(["userName", "roleArn", "groupName", "policyArn", "name", "targetPrincipal", "instancesSet"]),
        responseElements: object(["user", "role", "group"]),
      },
      { requiredKeys: [] },
    );
    const records = fuzzed(record, 2000);
    const events = await mapRecords(sourceById("aws.cloudtrail")!, records.map((one) => JSON.stringify(one)));
    expect(events).toHaveLength(records.length);
    events.forEach(({ ocsf }, index) => expect({ record: records[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
  });
});
