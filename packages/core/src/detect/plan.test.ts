import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { planRules } from "./plan.ts";
import type { DetectionRule } from "./rule.ts";

const onField = (field: string): DetectionRule => ({
  no: 0, file: "", line: 1, logsource: {}, status: null, author: null, groupBy: "identity", expr: { kind: "field", field, test: { kind: "exists" } },
  summary: { id: "", title: "", level: "low", tags: [], description: "", falsepositives: [], references: [], check: [], respond: [] },
});

it("takes no field out of an object where the source takes a list", () => {
  const audit = sourceById("entra.audit")!;
  expect(audit.fields).toHaveProperty("targetResources[0].id");
  const { extraFields, keyless } = planRules(audit, [onField("targetResources.modifiedProperties.newValue")]);
  expect(extraFields).toEqual([]);
  expect(keyless.map(({ needsWholeEvent }) => needsWholeEvent)).toEqual([true]);
});
