import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkRules, refusedRules } from "./check.ts";
import { loadRules } from "./load.ts";
import type { DetectionRule } from "./rule.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "check-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const id = (n: number): string => `0f9a3c52-6d1e-4b7a-9c58-${String(n).padStart(12, "0")}`;
const rule = (n: number, detection = `eventName: Op${n}`): string => `title: Rule ${n}\nid: ${id(n)}\nlogsource: { product: aws }\ndetection:\n  selection: { ${detection} }\n  condition: selection\nlevel: low\n`;
/** A rule that no parser would let through. */
const refused = (one: DetectionRule): DetectionRule => ({ ...one, expr: { kind: "field", field: "eventName", test: { kind: "regex", source: "(", flags: { ignoreCase: false, multiline: false, dotAll: false }, required: null } } });

describe("checkRules", () => {
  it("counts every rule document, and those that can be asked", async () => {
    writeFileSync(join(folder, "good.yml"), `${rule(1)}---\n${rule(2)}`);
    writeFileSync(join(folder, "typo.yml"), rule(3, "eventName|contians: x"));
    writeFileSync(join(folder, "twin.yml"), rule(1));
    writeFileSync(join(folder, "good.test.yml"), "not a rule");
    const { rules, ok, problems } = await checkRules([folder]);
    expect({ rules, ok }).toEqual({ rules: 4, ok: 2 });
    expect(problems).toMatchObject([
      { file: join(folder, "twin.yml"), line: 1, column: 1, rule_id: id(1) },
      { file: join(folder, "typo.yml"), line: 5, column: 16, rule_id: id(3) },
    ]);
  });

  it("finds the rules that the engine refuses among all others, at the line of their document", async () => {
    const file = join(folder, "many.yml");
    writeFileSync(file, Array.from({ length: 120 }, (_, n) => rule(n)).join("---\n"));
    const { rules } = await loadRules([file]);
    const problems = await refusedRules(rules.map((one) => (one.no === 3 || one.no === 77 ? refused(one) : one)));
    expect(problems.map(({ line, rule_id }) => [line, rule_id])).toEqual([[25, id(3)], [617, id(77)]]);
    expect(problems[0]!.message).toMatch(/^the query engine refuses this rule: .*missing/i);
  });
});
