import { checkRules, type CheckedRules } from "@corduroy/core/detect";
import { testRules, type RuleTestFailure } from "@corduroy/core/ingest";
import { Invalid, visible } from "@corduroy/core/kernel";
import { countOf, countText } from "@corduroy/core/reports";
import { EXIT } from "./exit.ts";

type Problem = CheckedRules["problems"][number];

/** `corduroy rules check`: tells everything that is wrong with rules. Sets the exit code. */
export async function checkCommand(paths: string[], options: { format: "text" | "json" }): Promise<void> {
  const { rules, ok, problems } = await checkRules(paths);
  if (rules === 0 && problems.length === 0) throw noRules(paths);
  if (options.format === "json") process.stdout.write(`${JSON.stringify({ rules, ok, problems: problems.map(contract) }, null, 2)}\n`);
  else process.stdout.write([...problems.map(told), `${countOf(rules, "rule")}, ${countText(ok)} ok, ${countOf(problems.length, "problem")}\n`].join(""));
  process.exitCode = problems.length === 0 ? EXIT.nothing : EXIT.findings;
}

/** `corduroy rules test`: runs the tests beside the rules. Sets the exit code. */
export async function testCommand(paths: string[]): Promise<void> {
  const began = Date.now();
  const { rules, passed, failures, problems } = await testRules(paths);
  if (rules === 0 && problems.length === 0) throw noRules(paths);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const counts = [countOf(rules, "rule"), `${countOf(passed, "test")} passed`, `${countText(failures.length)} failed`, ...(problems.length === 0 ? [] : [countOf(problems.length, "problem")])];
  process.stdout.write([...problems.map(told), ...failures.map(failed), `${counts.join(", ")} in ${seconds} s\n`].join(""));
  process.exitCode = failures.length === 0 && problems.length === 0 ? EXIT.nothing : EXIT.findings;
}

const noRules = (paths: string[]): Invalid => new Invalid(`There is no rule in ${paths.join(", ")}.`, { hint: "A rule is a Sigma file that ends in .yml or .yaml." });

/** The fields that other tools rely on; `rule_id` is null where the place belongs to no rule. */
function contract({ file, line, column, rule_id, message, hint }: Problem): Record<string, string | number | null> {
  return { file, line, column, rule_id: rule_id ?? null, message, ...(hint === undefined ? {} : { hint }) };
}

function told({ file, line, column, message, hint }: Problem): string {
  return `${visible(`${file}:${line}:${column}: ${message}`)}\n${hint === undefined ? "" : `  ${visible(hint)}\n`}`;
}

function failed({ file, line, column, rule, test, expected, unreadable }: RuleTestFailure): string {
  const outcome = unreadable === null ? (expected ? "expected a match, got none" : "expected no match, got one") : `the event cannot be read: ${unreadable}`;
  return `${visible(`${file}:${line}:${column}: ${rule.title}`)}\n  ${visible(`"${test}": ${outcome}`)}\n`;
}
