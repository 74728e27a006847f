import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "@corduroy/sigma";
import { isFor, loadRules, parseRuleTests, type DetectionRule, type RuleTest } from "../detect/index.ts";
import { Invalid } from "../kernel/index.ts";
import { parseRecord, recognise, recogniseLine, sources, unwrapped, type SourceDefinition } from "../sources/index.ts";
import { Batcher } from "./batch/batcher.ts";
import { stemOf, testFiles } from "./testFiles.ts";

/** A test that did not go as it says. */
export interface RuleTestFailure {
  file: string;
  line: number;
  column: number;
  rule: { id: string; title: string };
  /** The test's name. */
  test: string;
  /** Whether the rule should have matched. */
  expected: boolean;
  /** Why the event could not be evaluated at all; null when it was, with the other outcome. */
  unreadable: string | null;
}

export interface RuleTestReport {
  /** Rules that compile. */
  rules: number;
  passed: number;
  failures: RuleTestFailure[];
  /** Broken rules, broken test files, and rules without a test of each kind. */
  problems: Problem[];
}

interface Case {
  rule: DetectionRule;
  file: string;
  test: RuleTest;
}

/**
 * Runs the tests beside rules on the road that a scan takes: all events of a source go through its batches, with all rules
 * asked at once, and each test looks whether its own rule matched its own event.
 * @param paths rules, test files, or folders with both
 * @throws NotFound when a path does not exist
 */
export async function testRules(paths: readonly string[]): Promise<RuleTestReport> {
  const found = await testFiles(paths);
  const { rules, problems } = await loadRules(found.rules);
  const report: RuleTestReport = { rules: rules.length, passed: 0, failures: [], problems: [...problems] };
  const cases = await casesOf(found.tests, rules, report.problems);
  const bySource = new Map<SourceDefinition, Case[]>();
  for (const each of cases) {
    const source = sourceOf(each);
    bySource.set(source, [...(bySource.get(source) ?? []), each]);
  }
  for (const [source, own] of bySource) await runCases(source, [...new Set(own.map(({ rule }) => rule))], own, report);
  return report;
}

/** The last source takes anything. */
const general = sources.at(-1)!;

/** Of the sources that a rule is for, the one that the event is told to be of; where it is told to be of none of them, the first that reads JSON, or lines, as the event is. */
function sourceOf({ rule, test }: Case): SourceDefinition {
  const own = sources.filter((source) => source !== general && isFor(rule, source));
  if (own.length < 2) return own[0] ?? general;
  const record = parseRecord(test.event);
  const told = record === null ? recogniseLine(test.event) : recognise(record).source;
  return own.includes(told) ? told : (own.find((source) => (source.text === null) === (record !== null)) ?? own[0]!);
}

/** Pairs tests with rules; whatever leaves a test or a rule alone is a problem. */
async function casesOf(files: readonly string[], rules: readonly DetectionRule[], problems: Problem[]): Promise<Case[]> {
  const byStem = new Map<string, DetectionRule[]>();
  for (const rule of rules) byStem.set(stemOf(rule.file), [...(byStem.get(stemOf(rule.file)) ?? []), rule]);
  const broken = new Set(problems.map((problem) => stemOf(problem.file)));
  const tested = new Set<string>();
  const cases: Case[] = [];
  for (const file of files) {
    const stem = stemOf(file);
    tested.add(stem);
    const read = parseRuleTests(await readFile(file, "utf8"), file);
    problems.push(...read.problems);
    const [rule, ...others] = byStem.get(stem) ?? [];
    if (!rule) {
      if (!broken.has(stem)) problems.push({ file, line: 1, column: 1, message: "there is no rule for these tests", hint: `the rule belongs into ${stem}.yml` });
      continue;
    }
    if (others.length > 0) {
      problems.push({ file, line: 1, column: 1, message: `${rule.file} holds ${others.length + 1} rules, so it is open which one these tests are for`, hint: "write one rule a file" });
      continue;
    }
    cases.push(...read.tests.map((test) => ({ rule, file, test })));
    if (read.problems.length > 0) continue;
    for (const match of [true, false])
      if (!read.tests.some((test) => test.match === match)) problems.push({ file, line: 1, column: 1, rule_id: rule.summary.id, message: `no test with match: ${match}`, hint: match ? "add an event that the rule must find" : "add a near miss that the rule must leave alone" });
  }
  for (const [stem, [rule]] of byStem)
    if (!tested.has(stem)) problems.push({ file: rule!.file, line: rule!.line, column: 1, rule_id: rule!.summary.id, message: "this rule has no tests", hint: `write them into ${stem}.test.yml` });
  return cases;
}

async function runCases(source: SourceDefinition, rules: DetectionRule[], cases: readonly Case[], report: RuleTestReport): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "corduroy-"));
  try {
    const { matched, dead } = await evaluate(source, rules, cases, folder);
    for (const [index, { rule, file, test }] of cases.entries()) {
      const unreadable = dead.get(index + 1) ?? null;
      if (unreadable === null && matched.has(`${index + 1} ${rule.summary.id}`) === test.match) report.passed++;
      else report.failures.push({ file, line: test.line, column: test.column, rule: { id: rule.summary.id, title: rule.summary.title }, test: test.name, expected: test.match, unreadable });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What became of each case's event, by the case's number from 1: `number rule` of each match, and why it could not be read. */
async function evaluate(source: SourceDefinition, rules: DetectionRule[], cases: readonly Case[], folder: string): Promise<{ matched: Set<string>; dead: Map<number, string> }> {
  const staging = join(folder, "staging");
  await mkdir(staging);
  // Rules of other log sources have come to the general one here, so it asks them whatever they name.
  const batcher = await Batcher.create(source, { rules, anyLogsource: source === general, source: source.id, keep: false, staging, temporary: folder, signals: true });
  const matched = new Set<string>();
  const dead = new Map<number, string>();
  const workOff = async (): Promise<void> => {
    // Two tests may share an eventID: they are no duplicates.
    const { counts, dead: letters, signalsFile } = (await batcher.flush(async () => ({ rows: [], files: [] }), null)).result;
    if (counts.dead > letters.length) throw new Invalid(`${counts.dead} events of tests cannot be read.`, { hint: `The first: ${letters[0]?.reason ?? "unknown"}.` });
    for (const letter of letters) dead.set(letter.line, letter.reason);
    if (signalsFile === null) return;
    for (const line of (await readFile(signalsFile, "utf8")).split("\n").filter((text) => text !== "")) {
      const signal = JSON.parse(line) as { rule_id: string; line: number };
      matched.add(`${signal.line} ${signal.rule_id}`);
    }
  };
  try {
    const object = { location: "tests", version: "tests", modified: Date.now(), labelled: true, header: null };
    for (const [index, { test }] of cases.entries()) {
      const buffer = Buffer.from(test.event, "utf8");
      batcher.add({ buffer, start: 0, end: buffer.length, no: index + 1 }, object, source.text === null ? unwrapped(source, parseRecord(test.event) ?? {}) : null);
      if (batcher.full) await workOff();
    }
    if (!batcher.empty) await workOff();
  } finally {
    batcher.close();
  }
  return { matched, dead };
}
