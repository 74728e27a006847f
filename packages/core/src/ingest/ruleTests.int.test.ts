import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { NotFound } from "../kernel/index.ts";
import { testRules, type RuleTestReport } from "./ruleTests.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "rules-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let ids = 0;
/** A rule on one field, with its own id. */
const rule = (detection: string, logsource = "product: aws, service: cloudtrail"): string =>
  `title: Something happened\nid: 0f9a3c52-6d1e-4b7a-9c58-${String(++ids).padStart(12, "0")}\nlogsource: { ${logsource} }\ndetection:\n  selection: { ${detection} }\n  condition: selection\nlevel: low\n`;
const tests = (...entries: [name: string, match: boolean, event: object | string][]): string => stringify({ tests: entries.map(([name, match, event]) => ({ name, match, event })) });

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Everything the report complains of, without the folder. */
const complaints = ({ failures, problems }: RuleTestReport): string[] => [
  ...problems.map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line} ${message}`),
  ...failures.map(({ file, line, test, expected, unreadable }) => `${file.slice(folder.length + 1)}:${line} ${test}: ${unreadable ?? `expected ${expected}`}`),
];

const stop = { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", eventID: "5d7c1ec2-45a4-42ca-b3ce-497786a20824" };

describe("testRules", () => {
  it("passes what is right, on the fast road and on the general one, for every log source", async () => {
    write({
      "keyed.yml": rule("eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, errorCode: null"),
      "keyed.test.yml": tests(["stopped", true, stop], ["failed", false, { ...stop, errorCode: "AccessDenied" }], ["an array where none belongs", true, { ...stop, eventName: ["x", "stoplogging"] }]),
      "deep/keyless.yaml": rule("requestParameters.items.cidr: 0.0.0.0/0"),
      "deep/keyless.test.yaml": tests(["one element", true, { ...stop, requestParameters: { items: [{ cidr: "10.0.0.0/8" }, { cidr: "0.0.0.0/0" }] } }], ["none", false, { ...stop, requestParameters: { items: [] } }]),
      "windows.yml": rule("Image|endswith: \\evil.exe", "product: windows, category: process_creation"),
      "windows.test.yml": tests(["evil", true, { Image: "C:\\EVIL.EXE" }], ["good", false, { Image: "C:\\good.exe" }]),
      "wrapped.yml": rule("eventName: StopLogging"),
      "wrapped.test.yml": tests(["from LookupEvents", true, { EventId: "1", CloudTrailEvent: JSON.stringify({ ...stop, eventTime: "2024-05-14T09:30:00Z" }) }], ["another", false, { ...stop, eventName: "StartLogging" }]),
      "web.yml": rule("cs-uri-query|contains: '..%2f'", "category: webserver"),
      "web.test.yml": tests(["climbs", true, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET /a?f=..%2F..%2Fetc HTTP/1.1" 200 1 "-" "curl"'], ["in the path", false, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET /..%2fetc HTTP/1.1" 200 1 "-" "curl"']),
      "words.yml": rule("", "category: webserver").replace("{  }", "[jndi]"),
      "words.test.yml": tests(["anywhere in the line", true, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 200 1 "-" "${JNDI:x}"'], ["nowhere", false, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"']),
      "absent.yml": rule("cs-cookie: null, sc-status: 200", "category: webserver"),
      "absent.test.yml": tests(["a field that the log never has", true, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"'], ["another field", false, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 404 1 "-" "-"']),
      "odd.yml": rule("userAgent|contains: curl"),
      "odd.test.yml": tests(["half a surrogate pair", true, { ...stop, userAgent: "curl \ud800" }], ["a NUL", true, { ...stop, userAgent: "curl \u0000" }], ["nothing", false, {}]),
      ".hidden/broken.test.yml": "nothing to see",
    });
    const report = await testRules([folder]);
    expect(complaints(report)).toEqual([]);
    expect(report).toMatchObject({ rules: 8, passed: 18 });
  });

  it("takes several lines for one event, and tells a log that is text from the same log as JSON", async () => {
    const record = (type: string, text: string): string => `type=${type} msg=audit(1789000000.125:9001): ${text}\n`;
    const event = (name: string): string => record("SYSCALL", 'arch=c000003e syscall=59 success=yes pid=7 comm="x" exe="/usr/bin/x"') + record("EXECVE", `argc=2 a0="x" a1=${Buffer.from(name).toString("hex").toUpperCase()}`);
    const laurel = (name: string): object => ({ ID: "1789000000.125:9001", SYSCALL: { syscall: 59, exe: "/usr/bin/x" }, EXECVE: { argc: 2, ARGV: ["x", name] } });
    write({
      "audit.yml": rule("type: [EXECVE], exe: /usr/bin/x, a1: é b", "product: linux, service: auditd"),
      "audit.test.yml": tests(["lines", true, event("é b")], ["other lines", false, event("é c")], ["JSON", true, laurel("é b")], ["other JSON", false, laurel("b")]),
      "words.yml": rule("", "product: linux, service: auditd").replace("{  }", "[é b]"),
      "words.test.yml": tests(["lines", true, event("x é by")], ["other lines", false, event("é c")], ["JSON", true, laurel("é b")], ["other JSON", false, laurel("b")]),
    });
    const report = await testRules([folder]);
    expect(complaints(report)).toEqual([]);
    expect(report.passed).toBe(8);
  });

  it("asks a rule without keys about every element of a list of which a column holds the first one", async () => {
    const event = (...accounts: string[]): object => ({ ...stop, resources: accounts.map((accountId) => ({ ARN: `arn:aws:s3:::${accountId}`, accountId })) });
    write({ "second.yml": rule("resources.accountId: '444455556666'"), "second.test.yml": tests(["the second", true, event("111122223333", "444455556666")], ["none", false, event("111122223333")]) });
    expect(complaints(await testRules([folder]))).toEqual([]);
  });

  it("takes an event for what it is told to be, of the sources that its rule is for", async () => {
    const audit = { category: "AuditLogs", operationName: "Delete device", properties: { loggedByService: "Core Directory", activityDisplayName: "Delete device", initiatedBy: {} } };
    const request = { category: "ApplicationGatewayAccessLog", properties: { requestUri: "/", requestQuery: "f=..%2fetc" } };
    write({
      "device.yml": rule("ActivityDisplayName: Delete device", "product: azure, service: activitylogs"),
      "device.test.yml": tests(["in the audit", true, audit], ["another", false, { ...audit, properties: { ...audit.properties, activityDisplayName: "Add device" } }]),
      "web.yml": rule("cs-uri-query|contains: '..%2f'", "category: webserver"),
      "web.test.yml": tests(["a gateway", true, request], ["a line", true, '203.0.113.9 - - [14/May/2024:09:30:00 +0000] "GET /a?f=..%2F..%2Fetc HTTP/1.1" 200 1 "-" "curl"'], ["another", false, { ...request, properties: {} }]),
    });
    const report = await testRules([folder]);
    expect(complaints(report)).toEqual([]);
    expect(report).toMatchObject({ rules: 2, passed: 5 });
  });

  it("tells tests that go wrong, both ways, with their place", async () => {
    write({ "a.yml": rule("eventName: StopLogging"), "a.test.yml": tests(["good", true, stop], ["missed", true, { eventName: "Other" }], ["cried wolf", false, stop], ["quiet", false, {}]) });
    const report = await testRules([join(folder, "a.yml")]);
    expect(report.passed).toBe(2);
    expect(report.failures[0]!.rule.title).toBe("Something happened");
    expect(complaints(report)).toEqual(["a.test.yml:8 missed: expected true", "a.test.yml:12 cried wolf: expected false"]);
  });

  it("asks only the test's own rule, whatever other rules say about its event", async () => {
    write({
      "a.yml": rule("eventName: StopLogging"), "a.test.yml": tests(["stop", true, stop], ["start", false, { eventName: "StartLogging" }]),
      "b.yml": rule("eventName: StartLogging"), "b.test.yml": tests(["start", true, { eventName: "StartLogging" }], ["stop", false, stop]),
    });
    expect(await testRules([join(folder, "b.test.yml"), join(folder, "a.yml")])).toEqual({ rules: 2, passed: 4, failures: [], problems: [] });
  });

  it("tells rules without tests of both kinds, and tests without a rule", async () => {
    write({
      "bare.yml": rule("a: 1"),
      "onesided.yml": rule("a: 1"), "onesided.test.yml": tests(["yes", true, { eventName: "x", a: 1 }]),
      "lost.test.yml": tests(["yes", true, {}]),
      "two.yml": `${rule("a: 1")}---\n${rule("a: 2")}`, "two.test.yml": tests(["yes", true, {}]),
      "broken.yml": "title: broken\n", "broken.test.yml": tests(["yes", true, {}]),
      "typo.yml": rule("a: 1"), "typo.test.yml": "tests:\n  - name: a\n    match: maybe\n    event: {}\n",
    });
    const told = complaints(await testRules([folder]));
    expect(told.filter((text) => !text.startsWith("broken.yml")).sort()).toEqual([
      "bare.yml:1 this rule has no tests",
      "lost.test.yml:1 there is no rule for these tests",
      "onesided.test.yml:1 no test with match: false",
      `two.test.yml:1 ${join(folder, "two.yml")} holds 2 rules, so it is open which one these tests are for`,
      "typo.test.yml:3 match must be true or false",
    ]);
    expect(told.some((text) => text.startsWith("broken.yml"))).toBe(true);
  });

  it("says when a path does not exist", async () => {
    await expect(testRules([join(folder, "nowhere")])).rejects.toThrow(NotFound);
    await expect(testRules([join(folder, "nowhere.test.yml")])).rejects.toThrow(NotFound);
  });
});
