import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "../../test/runProgram.ts";

const folder = mkdtempSync(join(tmpdir(), "look-"));
const lake = join(folder, "lake");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const okta = (day: number, no: number, more: object = {}): string =>
  JSON.stringify({ uuid: `${day}-${no}`, published: `2026-11-${String(day).padStart(2, "0")}T09:00:00Z`, eventType: "user.session.start", displayMessage: "User login", actor: { id: "u1", type: "User", alternateId: "ines@example.com" }, outcome: { result: "SUCCESS" }, debugContext: { debugData: { risk: 1 } }, ...more });
const rule = (title: string, no: number, logsource: string, detection: string): string => `title: ${title}\nid: 0f9a3c52-6d1e-4b7a-9c58-2f4e7a1b3d6${no}\nlogsource: { ${logsource} }\ndetection:\n  selection: { ${detection} }\n  condition: selection\nlevel: low\n`;

beforeAll(() => {
  // What is behind the first 500 events of a day, is rare and not missing.
  const old = Array.from({ length: 560 }, (_, no) => okta(10, no, no === 559 ? { transaction: { "rare's": 1 } } : {}));
  const fresh = [15, 16].flatMap((day) => Array.from({ length: 5 }, (_, no) => okta(day, no, { debugContext: { debugData: { risk: "LOW\u001b[31m" } }, device: { name: "x", "os\u001b[2J": "y" } })));
  // A clock that is wrong: what is newest is not to be taken from it.
  writeFileSync(join(folder, "okta.ndjson"), [...old, ...fresh, okta(20, 1).replace("2026-11-20", "2031-01-01")].join("\n"));
  writeFileSync(join(folder, "access.log"), '203.0.113.24 - - [16/Nov/2026:09:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n');
  const { status, stderr } = runProgram("scan", join(folder, "okta.ndjson"), join(folder, "access.log"), "--keep", lake, "--fail-on", "never", "--workers", "1");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const [name, text] of Object.entries({ can: rule("Can", 1, "product: okta, service: okta", "eventType: x"), cannot: rule("Cannot\u0007", 2, "product: okta, service: okta", "eventType: x, transaction.detail: y").replace("\u0007", ""), rare: rule("Rare", 4, "product: okta, service: okta", `"transaction.rare's": 1`), windows: rule("Windows", 3, "product: windows", "EventID: 1") })) writeFileSync(join(folder, `${name}.yml`), text);
});

it("says which rules no event can fulfil, which have no log, and which sources have no rule", () => {
  const { status, stdout, stderr } = runProgram("rules", "coverage", folder, "--lake", lake);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toBe(`4 rules and 2 sources with 572 events. Looked at: 511 of them, up to 500 of each of a source's newest 14 days with events; for fields that these do not have, the text of up to 100,000.

Rules that none of these events can fulfil, and the fields that none has:
  Cannot  0f9a3c52-6d1e-4b7a-9c58-2f4e7a1b3d62
    okta.system: transaction.detail

Rules whose log source no event is of:
  product windows: 1 rule
    Windows

Sources that no rule looks at:
  web.access  1 event
`);
  const report = JSON.parse(runProgram("rules", "coverage", folder, "--lake", lake, "--format", "json").stdout) as { sources: object[] };
  expect(report).toMatchObject({ rules: 4, blind: [{ title: "Cannot", missing: ["transaction.detail"], sources: ["okta.system"] }], withoutEvents: [{ title: "Windows" }], withoutRules: ["web.access"] });
  expect(report.sources).toEqual([{ source: "okta.system", events: 571, looked: 510, days: ["2026-11-16", "2026-11-15", "2026-11-10"] }, { source: "web.access", events: 1, looked: 1, days: ["2026-11-16"] }]);
});

it("says what is new in the records of a source, in text that no terminal obeys", () => {
  const { status, stdout, stderr } = runProgram("sources", "drift", "--lake", lake);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toBe(`Compared: the newest 2 days with events and the 12 before them, up to 500 records a day.

okta.system  10 of 2 days with 500 of 1 day before
  new      device  object  in 10 records
  changed  debugContext.debugData.risk  was number, is text  in 10 records
`);
  const [compared] = JSON.parse(runProgram("sources", "drift", "okta.system", "--lake", lake, "--format", "json").stdout) as unknown[];
  expect(compared).toMatchObject({ source: "okta.system", cut: false, newer: { records: 10 }, drift: { fresh: [{ field: "device" }], changed: [{ field: "debugContext.debugData.risk" }] } });
  expect(runProgram("sources", "drift", "no.such", "--lake", lake)).toMatchObject({ status: 2, stderr: expect.stringContaining("There is no source no.such.") as string });
});
