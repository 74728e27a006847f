/** @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, success: boolean,
 *   testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string }[] }[] }} VitestReport */

/**
 * Adds up what a run of .ci/run left behind. A test file that could not be loaded, a report that is no JSON and a step that ended with another
 * exit code than 0 count as one failure each.
 * @param {{ name: string, text: string }[]} files `NAME.json` are reports of vitest, `NAME.status` hold the exit code of a step
 * @returns {{ lines: string[], ok: boolean }} what to print; the last line reads "N passed, N failed" or "N passed, N failed, N skipped"
 */
export function summarise(files) {
  let passed = 0;
  let skipped = 0;
  /** @type {string[]} */
  const failures = [];
  for (const { name, text } of files) {
    if (name.endsWith(".status")) {
      const step = name.slice(0, -".status".length);
      // A run of tests is counted by its report; its exit code says more only when the report shows no failure.
      const report = files.find((file) => file.name === `${step}.json`);
      if (text.trim() === "0") passed += report === undefined ? 1 : 0;
      else if (report === undefined || failuresOf(step, report.text).length === 0) failures.push(`${step}: ended with exit code ${text.trim()}`);
    } else if (name.endsWith(".json")) {
      const step = name.slice(0, -".json".length);
      const report = parse(text);
      passed += report?.numPassedTests ?? 0;
      skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
      failures.push(...failuresOf(step, text));
    }
  }
  const counts = `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { lines: [...failures.map((failure) => `FAILED ${failure}`), counts], ok: failures.length === 0 && passed > 0 };
}

/**
 * @param {string} step
 * @param {string} text
 * @returns {string[]}
 */
function failuresOf(step, text) {
  const report = parse(text);
  if (report === undefined) return [`${step}: its report cannot be read`];
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") return [`${step}: ${name} could not be run`];
    return failed.map((test) => `${step}: ${test.fullName}`);
  });
}

/**
 * @param {string} text
 * @returns {VitestReport | undefined}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
