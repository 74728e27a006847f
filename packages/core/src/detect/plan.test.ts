import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { planRules } from "./plan.ts";
import type { DetectionRule } from "./rule.ts";

const onField = (field: string): DetectionRule => ({
  no: 0, file: "", line: 1, logsource: {}, status: null, author: null, groupBy: "identity", expr: { kind: "field", field, test: { kind: "exists" } },
  summary: { id: "", title: "", level: "low", tags: [], description: "", falsepositives: [], references: [], check: [], respond: [] },
});

it("takes out no object that the source opens: of a rule that names one only that rule is asked the long way", () => {
  const opened = onField("responseElements");
  const keyed: DetectionRule = { ...opened, expr: { kind: "and", all: [{ kind: "field", field: "eventName", test: { kind: "equals", text: "PutUserPolicy", cased: false } }, opened.expr] } };
  const { extraFields, keyless, keyed: index } = planRules(sourceById("aws.cloudtrail")!, [opened, onField("madeUp"), ...Array.from({ length: 20 }, () => keyed)]);
  expect(extraFields).toEqual(["madeUp"]);
  expect(keyless.map(({ needsWholeEvent }) => needsWholeEvent)).toEqual([true, false]);
  expect(index.size).toBe(1);
});

it("takes no field out of an object where the source takes a list", () => {
  const audit = sourceById("entra.audit")!;
  expect(audit.fields).toHaveProperty("targetResources[0].id");
  const { extraFields, keyless } = planRules(audit, [onField("targetResources.modifiedProperties.newValue")]);
  expect(extraFields).toEqual([]);
  expect(keyless.map(({ needsWholeEvent }) => needsWholeEvent)).toEqual([true]);
});
