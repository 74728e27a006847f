import { validate } from "@corduroy/ocsf";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sourceById } from "../../sources/index.ts";
import { fuzzed } from "./test/fuzzed.ts";
import { mapRecords } from "./test/mapRecords.ts";

it("maps activities to valid OCSF whatever stands in their events", async () => {
  const value = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ stringUnit: "binary", maxDepth: 2 }));
  const name = fc.oneof(value, fc.constantFrom("login_success", "login_failure", "gov_attack_warning", "2sv_disable", "ASSIGN_ROLE", "CREATE_ROLE", "ADD_GROUP_MEMBER", "CREATE_USER", "download", "view", "CUSTOMER_TAKEOUT_CREATED"));
  const key = fc.oneof(value, fc.constantFrom("USER_EMAIL", "GROUP_EMAIL", "ROLE_NAME", "doc_title", "doc_id", "login_challenge_status", "login_failure_type", "affected_email_address"));
  const parameter = fc.oneof(value, fc.record({ name: key, value, boolValue: value, intValue: value, multiValue: fc.array(value, { maxLength: 2 }), messageValue: value }, { requiredKeys: [] }));
  const parameters = fc.oneof(value, fc.array(parameter, { maxLength: 4 }), fc.dictionary(fc.constantFrom("USER_EMAIL", "doc_title", "doc_id", "ROLE_NAME", "__proto__"), value));
  const event = fc.record({ name, type: value, parameters, status: value }, { requiredKeys: [] });
  const events = fc.oneof(value, fc.array(fc.oneof(value, event), { maxLength: 2 }));
  const record = fc.record(
    {
      kind: fc.constant("admin#reports#activity"), events, name, type: value, parameters, ipAddress: fc.oneof(value, fc.ipV4()), actor: fc.oneof(value, fc.record({ email: value, profileId: value, key: value, callerType: value }, { requiredKeys: [] })),
      id: fc.oneof(value, fc.record({ time: fc.oneof(value, fc.constant("2024-05-14T09:30:00Z")), uniqueQualifier: value, applicationName: fc.oneof(value, fc.constantFrom("drive", "login", "admin")), customerId: value }, { requiredKeys: [] })),
      protoPayload: fc.oneof(value, fc.record({ metadata: fc.record({ event: events }) })),
    },
    { requiredKeys: ["kind"] },
  );
  const records = fuzzed(record, 2000);
  const mapped = await mapRecords(sourceById("google.workspace")!, records.map((one) => JSON.stringify(one)));
  expect(mapped).toHaveLength(records.length);
  mapped.forEach(({ ocsf }, index) => expect({ record: records[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
});
