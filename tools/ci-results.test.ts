import { describe, expect, it } from "vitest";
import { summarise } from "./ci-results.mjs";

function report(tests: { fullName: string; status: string }[], fileStatus = "passed", skipped = 0): string {
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  return JSON.stringify({
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults: [{ name: "a.test.ts", status: fileStatus, message: "", assertionResults: tests }],
  });
}
const pass = { fullName: "adds", status: "passed" };
const fail = { fullName: "divides", status: "failed" };

describe("the closing line of a run", () => {
  it("adds up the reports, and counts every other step as one", () => {
    const files = [
      { name: "quick.json", text: report([pass, pass], "passed", 3) },
      { name: "quick.status", text: "0\n" },
      { name: "types.status", text: "0\n" },
    ];
    expect(summarise(files)).toEqual({ lines: ["3 passed, 0 failed, 3 skipped"], ok: true });
  });

  it("names the tests that failed, once", () => {
    const files = [
      { name: "quick.json", text: report([pass, fail], "failed") },
      { name: "quick.status", text: "1" },
    ];
    expect(summarise(files)).toEqual({ lines: ["FAILED quick: divides", "1 passed, 1 failed"], ok: false });
  });

  it("counts a step that failed", () => {
    expect(summarise([{ name: "quick.json", text: report([pass]) }, { name: "types.status", text: "2\n" }]).lines).toEqual([
      "FAILED types: ended with exit code 2",
      "1 passed, 1 failed",
    ]);
  });

  it.each([
    ["a test file that could not be loaded", report([], "failed"), "quick: a.test.ts could not be run"],
    ["a report that was cut off", '{"numPassed', "quick: its report cannot be read"],
    ["a run that failed beside its tests", report([pass]), "quick: ended with exit code 1"],
  ])("is not green after %s", (_, text, failure) => {
    const { lines, ok } = summarise([{ name: "quick.json", text }, { name: "quick.status", text: "1" }]);
    expect(ok).toBe(false);
    expect(lines[0]).toBe(`FAILED ${failure}`);
  });

  it("is not green when nothing ran, or when a run left no report", () => {
    expect(summarise([])).toEqual({ lines: ["0 passed, 0 failed"], ok: false });
    expect(summarise([{ name: "quick.status", text: "137" }]).lines).toEqual(["FAILED quick: ended with exit code 137", "0 passed, 1 failed"]);
  });
});
