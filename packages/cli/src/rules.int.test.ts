import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../test/runProgram.ts";

const builtIn = fileURLToPath(new URL("../../../content/rules", import.meta.url));
const ID = "0f9a3c52-6d1e-4b7a-9c58-2f4e7a1b3d60";
const rule = (detection: string, id = ID): string => `title: Logging stopped\nid: ${id}\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  selection: { ${detection} }\n  condition: selection\nlevel: low\n`;

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "rules-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("corduroy rules check", () => {
  it("finds nothing wrong with the built-in rules", () => {
    const { status, stdout, stderr } = runProgram("rules", "check", builtIn);
    expect(stdout).toMatch(/^(\d+) rules, \1 ok, 0 problems\n$/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("tells each problem with place and hint, and ends with 1", () => {
    const file = write("typo.yml", rule("eventName|contians: Stop"));
    write("good.yml", rule("eventName: StopLogging", "1f9a3c52-6d1e-4b7a-9c58-2f4e7a1b3d60"));
    const { status, stdout } = runProgram("rules", "check", folder);
    const lines = stdout.split("\n");
    expect(lines[0]!.startsWith(`${file}:5:16: `)).toBe(true);
    expect(lines[0]).toContain("contians");
    expect(lines[1]).toMatch(/^ {2}.*contains/);
    expect(lines[2]).toBe("2 rules, 1 ok, 1 problem");
    expect(status).toBe(1);
  });

  it("prints the JSON that other tools rely on", () => {
    const file = write("typo.yml", rule("eventName|contians: Stop"));
    const { status, stdout } = runProgram("rules", "check", folder, "--format", "json");
    const report = JSON.parse(stdout) as { problems: Record<string, unknown>[] };
    expect(Object.keys(report)).toEqual(["rules", "ok", "problems"]);
    expect(report).toMatchObject({ rules: 1, ok: 0, problems: [{ file, line: 5, column: 16, rule_id: ID }] });
    expect(Object.keys(report.problems[0]!)).toEqual(["file", "line", "column", "rule_id", "message", "hint"]);
    expect(status).toBe(1);
  });

  it("gives null for the rule where there is none", () => {
    write("broken.yml", "title: [");
    const report = JSON.parse(runProgram("rules", "check", folder, "--format", "json").stdout) as { problems: { rule_id: unknown }[] };
    expect(report.problems.map((problem) => problem.rule_id)).toContain(null);
  });

  it("writes control characters of a hostile rule out", () => {
    write("hostile.yml", rule('"event\\x1b[31mName|nonsense": x'));
    const { stdout } = runProgram("rules", "check", folder);
    expect(stdout).not.toContain("\u{1b}");
    expect(stdout).toContain("\\u{1B}");
  });

  it.each([["nowhere", /there is no such file or folder/], ["", /There is no rule in /]])("ends with 2 and a sentence when there is nothing to check: %j", (name, sentence) => {
    const { status, stdout, stderr } = runProgram("rules", "check", join(folder, name));
    expect(stderr).toMatch(sentence);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});

describe("corduroy rules test", () => {
  it("passes every test of the built-in rules, each of which has both kinds", () => {
    const { status, stdout, stderr } = runProgram("rules", "test", builtIn);
    expect(stdout).toMatch(/^\d+ rules, [\d,]+ tests passed, 0 failed in [\d.]+ s\n$/);
    const [rules = 0, passed = 0] = stdout.match(/\d[\d,]*/g)!.map((text) => Number(text.replaceAll(",", "")));
    expect(rules).toBeGreaterThanOrEqual(70);
    expect(passed).toBeGreaterThanOrEqual(2 * rules);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("tells what failed, where and how, and ends with 1", () => {
    write("a.yml", rule("eventName: StopLogging"));
    const file = write("a.test.yml", "tests:\n  - name: missed\n    match: true\n    event: { eventName: Other }\n  - name: quiet\n    match: false\n    event: {}\n");
    const { status, stdout } = runProgram("rules", "test", folder);
    expect(stdout).toMatch(/ in [\d.]+ s\n$/);
    expect(stdout.replace(/ in [\d.]+ s\n$/, "")).toBe(`${file}:2:5: Logging stopped\n  "missed": expected a match, got none\n1 rule, 1 test passed, 1 failed`);
    expect(status).toBe(1);
  });

  it("holds a rule without tests for a failure", () => {
    const file = write("a.yml", rule("eventName: StopLogging"));
    const { status, stdout } = runProgram("rules", "test", folder);
    expect(stdout).toContain(`${file}:1:1: this rule has no tests\n`);
    expect(stdout).toMatch(/1 rule, 0 tests passed, 0 failed, 1 problem in /);
    expect(status).toBe(1);
  });

  it("ends with 2 when there is no rule", () => {
    const { status, stderr } = runProgram("rules", "test", folder);
    expect(stderr).toContain("There is no rule in ");
    expect(status).toBe(2);
  });
});
