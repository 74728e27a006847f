import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const PROGRAM = join(import.meta.dirname, "../bin/corduroy.mjs");
/** Longer than any of these may take on a slow machine; what takes longer hangs. */
const HANG = 100_000;

const RULE = `title: Logging stopped
id: 11111111-2222-4333-8444-555555555555
status: test
level: high
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventName: StopLogging
  condition: selection
`;

let root: string;
let rules: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "corduroy-bad-"));
  chmodSync(root, 0o755);
  rules = write("rules/stop.yml", RULE);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(root, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A UUID but for its last digit: only such ids are taken for an event's identity. */
const ID = "11112222-3333-4444-8555-66667777888";
const event = (id: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    eventVersion: "1.08", userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/ann", accountId: "123456789012", userName: "ann" },
    eventTime: "2026-03-01T10:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "192.0.2.1",
    userAgent: "console", requestParameters: { name: "trail" }, responseElements: null, eventID: id, eventType: "AwsApiCall", recipientAccountId: "123456789012", ...more,
  });
const envelope = (...events: (string | Buffer)[]): Buffer =>
  Buffer.concat([Buffer.from('{"Records":['), ...events.flatMap((each, index) => [Buffer.from(index > 0 ? "," : ""), Buffer.from(each)]), Buffer.from("]}")]);

interface Report {
  events: { read: number; stored: number; duplicate: number; dead: number };
  signals: number;
  findings: { count: number }[];
  unreadable: { file: string; line: number | null; reason: string; count: number }[];
}
interface Run {
  code: number | null;
  report: Report;
  stderr: string;
}

function corduroy(args: string[], user: { uid: number; gid: number } | object = {}): { code: number | null; stdout: string; stderr: string } {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", timeout: HANG, maxBuffer: 256 * 1024 * 1024, ...user });
  expect(signal).toBeNull();
  return { code: status, stdout, stderr };
}

function scan(...args: string[]): Run {
  const { code, stdout, stderr } = corduroy(["scan", ...args, "--rules", rules, "--format", "json", "--workers", "1"]);
  return { code, report: (stdout === "" ? {} : JSON.parse(stdout)) as Report, stderr };
}

let lakes = 0;
/** Scans with and without a lake; both must say the same, and the lake must hold what they say. */
function scanTwice(...inputs: string[]): Run {
  const lake = join(root, `lake-${++lakes}`);
  const run = scan(...inputs);
  const kept = scan(...inputs, "--keep", lake);
  expect({ code: kept.code, events: kept.report.events, signals: kept.report.signals, unreadable: kept.report.unreadable }).toEqual({
    code: run.code, events: run.report.events, signals: run.report.signals, unreadable: run.report.unreadable,
  });
  const { read, stored, duplicate, dead } = run.report.events;
  expect(read).toBe(stored + duplicate + dead);
  if (stored > 0) expect(corduroy(["query", "--lake", lake, "--format", "json", "select count(*)::INTEGER as n from events"]).stdout).toContain(String(stored));
  return run;
}

describe("damaged files", () => {
  it("reads a truncated gz up to the cut", () => {
    const events = Array.from({ length: 400 }, (_, index) => event(`gz-${index}`, { noise: Math.sin(index).toString(36) }));
    const packed = gzipSync(envelope(...events));
    const file = write("cut.json.gz", packed.subarray(0, packed.length * 0.6));
    const { code, report } = scanTwice(file);
    expect(code).toBe(1);
    expect(report.events.stored).toBeGreaterThan(100);
    expect(report.events.dead).toBeLessThanOrEqual(1);
    expect(report.unreadable).toContainEqual({ file, line: null, reason: "the gz data is cut short: everything before the cut was read", count: 0 });
  });

  it("reads half a JSON document up to where it ends", () => {
    const whole = envelope(event("h1"), event("h2"), event("h3"));
    const file = write("half.json", whole.subarray(0, whole.length - 40));
    const { code, report } = scanTwice(file);
    expect(code).toBe(1);
    expect(report.events).toEqual({ read: 3, stored: 2, duplicate: 0, dead: 1 });
    expect(report.unreadable).toEqual([{ file, line: 3, reason: "the file ends inside this record", count: 1 }]);
  });

  it("says so when a document ends between its records", () => {
    const file = write("between.json", envelope(event("w1"), event("w2")).toString().slice(0, -2));
    const { report } = scanTwice(file);
    expect(report.events).toEqual({ read: 2, stored: 2, duplicate: 0, dead: 0 });
    expect(report.unreadable).toEqual([{ file, line: null, reason: "the file ends before its list of records does: records may be missing", count: 0 }]);
  });

  it("loses one broken record inside Records, and none of its neighbours", () => {
    const harms: Record<string, (text: string) => string> = {
      "a missing quote": (text) => text.replace('"eventTime"', '"eventTime'),
      "a missing brace": (text) => text.slice(0, -1),
      "an extra brace": (text) => `${text}}`,
      "NUL in a string": (text) => text.replace("console", "con\u0000sole"),
      "NUL between": (text) => text.replace(",", ",\u0000"),
      "junk": () => "not json at all",
    };
    for (const [name, harm] of Object.entries(harms)) {
      const [before, broken, after] = [1, 2, 3].map((place) => event(`${name} ${place}`)) as [string, string, string];
      write(`broken/${name}.json`, envelope(before, harm(broken), after));
    }
    const { code, report } = scanTwice(join(root, "broken"));
    expect(code).toBe(1);
    expect(report.events).toEqual({ read: 18, stored: 12, duplicate: 0, dead: 6 });
    expect(report.signals).toBe(12);
    const places = report.unreadable.map(({ file, line, count }) => `${file} ${line} ${count}`);
    expect(new Set(places)).toEqual(new Set(Object.keys(harms).map((name) => `${join(root, "broken", `${name}.json`)} 2 1`)));
  });

  it("loses a line that is not UTF-8, and no other", () => {
    const file = write("latin1.ndjson", Buffer.from([event("u1"), event("u2", { userAgent: "caf\u00e9" }), event("u3")].join("\n"), "latin1"));
    const { report } = scanTwice(file);
    expect(report.events).toEqual({ read: 3, stored: 2, duplicate: 0, dead: 1 });
    expect(report.unreadable).toEqual([{ file, line: 2, reason: "not valid UTF-8", count: 1 }]);
  });

  it("stops at a gz bomb and keeps what came before", () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${event("bomb")}\n`), Buffer.alloc(400 * 1024 * 1024)]), { level: 9 });
    const file = write("bomb.ndjson.gz", bomb);
    const { code, report } = scanTwice(file);
    expect(code).toBe(1);
    expect(report.events.stored).toBe(1);
    expect(report.unreadable).toContainEqual({ file, line: null, reason: "it unpacks to more than 200 times its size, like a decompression bomb: the rest was not read", count: 0 });
  });
});

describe("odd but whole records", () => {
  it("reads 50 MB in one string", () => {
    const file = write("long.json", envelope(event("l1"), event("l2", { requestParameters: { text: "x".repeat(50_000_000) } }), event("l3")));
    const { report } = scanTwice(file);
    expect(report.events).toEqual({ read: 3, stored: 3, duplicate: 0, dead: 0 });
    expect(report.signals).toBe(3);
  });

  it("reads 10,000 levels, in a list and in a line", () => {
    const deep = (id: string): string => event(id, { deep: "@" }).replace('"@"', `${'{"a":['.repeat(5000)}1${"]}".repeat(5000)}`);
    write("deep/list.json", envelope(event("d1"), deep("d2"), event("d3")));
    write("deep/lines.ndjson", `${event("d4")}\n${deep("d5")}\n${event("d6")}\n`);
    const { report } = scanTwice(join(root, "deep"));
    expect(report.events).toEqual({ read: 6, stored: 6, duplicate: 0, dead: 0 });
    expect(report.signals).toBe(6);
  });

  it("keeps duplicate keys, lone surrogates, fields that change type, and keys with quotes and dots", () => {
    const lines = [
      event("o1").replace('"userAgent"', '"userAgent":"first","userAgent"'),
      event("o2").replace("console", "\\ud83d"),
      event("o3", { requestParameters: "a text" }),
      event("o4", { requestParameters: [1, { name: 2 }], userIdentity: "nobody", eventTime: 5, resources: { not: "a list" } }),
      event("o5", { 'a"b.c': { "d.e": { "": "x" } }, "'; drop table events; --": 1, "$.x": 2 }),
    ];
    const { code, report } = scanTwice(write("odd.ndjson", `${lines.join("\n")}\n`));
    expect(code).toBe(1);
    expect(report.events).toEqual({ read: 5, stored: 5, duplicate: 0, dead: 0 });
    expect(report.signals).toBe(5);
    expect(report.unreadable).toEqual([]);
  });

  it("counts a CloudTrail event that comes twice in one file as a duplicate, and equal lines without an id as two events", () => {
    const twice = scanTwice(write("twice.json", envelope(event(`${ID}1`), event(`${ID}2`), event(`${ID}1`))));
    expect(twice.report.events).toEqual({ read: 3, stored: 2, duplicate: 1, dead: 0 });
    const lines = scanTwice(write("equal.ndjson", '{"time":"2026-03-01T10:00:00Z","message":"failed"}\n'.repeat(2)));
    expect(lines.report.events).toEqual({ read: 2, stored: 2, duplicate: 0, dead: 0 });
    expect(lines.code).toBe(0);
  });
});

describe("files that cannot be read", () => {
  it("names an unreadable file and reads its neighbours", () => {
    mkdirSync(join(root, "mixed"));
    chmodSync(join(root, "mixed"), 0o755);
    write("mixed/a.json", envelope(event("m1")));
    const locked = write("mixed/locked.json", envelope(event("m2")));
    chmodSync(locked, 0);
    chmodSync(rules, 0o644);
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: root, env: { ...process.env, HOME: root } } : {};
    const args = (input: string): string[] => ["scan", input, "--rules", rules, "--format", "json", "--workers", "1"];
    const folder = corduroy(args(join(root, "mixed")), user);
    expect(folder.code).toBe(1);
    const report = JSON.parse(folder.stdout) as Report;
    expect(report.events.stored).toBe(1);
    expect(report.unreadable).toEqual([{ file: locked, line: null, reason: expect.stringContaining("may not read") as string, count: 0 }]);
    expect(corduroy(args(locked), user).code).toBe(2);
  });

  it("says that a folder is empty or a file is not there, and ends with 2", () => {
    mkdirSync(join(root, "empty"));
    for (const [input, words] of [[join(root, "empty"), "The folder is empty"], [join(root, "nowhere.json"), "no such"]] as const) {
      const { code, report } = scanTwice(input);
      expect(code).toBe(2);
      expect(report.unreadable).toEqual([{ file: input, line: null, reason: expect.stringContaining(words) as string, count: 0 }]);
    }
  });

  it("calls an empty file empty, without a fuss", () => {
    const { code, report } = scanTwice(write("empty.json", ""));
    expect(code).toBe(0);
    expect(report.events).toEqual({ read: 0, stored: 0, duplicate: 0, dead: 0 });
  });

  it("keeps every line of a file that is no JSON, and tells one that stands among records of a known source", () => {
    const { report: text } = scanTwice(write("text.log", "plain text\n[more] of it\n"));
    expect(text.events).toEqual({ read: 2, stored: 2, duplicate: 0, dead: 0 });
    const { report } = scanTwice(write("mixed.json", `${event("m1")}\nplain text\n`));
    expect(report.events).toEqual({ read: 2, stored: 1, duplicate: 0, dead: 1 });
    expect(report.unreadable.map(({ line, reason }) => [line, reason])).toEqual([[2, "not a JSON object"]]);
  });
});

describe("rules", () => {
  it("runs a regular expression that would take others an age", () => {
    const rule = RULE.replace("eventName: StopLogging", () => "userAgent|re: '^(a+)+$'");
    const file = write("redos.json", envelope(event("r1", { userAgent: `${"a".repeat(100_000)}!` }), event("r2", { userAgent: "aaaa" })));
    const { code, stdout } = corduroy(["scan", file, "--rules", write("redos/rule.yml", rule), "--format", "json", "--workers", "1"]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Report).signals).toBe(1);
  });

  it("leaves the files of an earlier run as they are when there are no rules", () => {
    const [signals, lake] = [write("hits.ndjson", "an earlier match\n"), join(root, "no-lake")];
    const { code, stderr } = corduroy(["scan", write("unasked.json", envelope(event("u1"))), "--rules", join(root, "no-rules"), "--signals", signals, "--keep", lake]);
    expect([code, stderr]).toEqual([2, `corduroy: no rules at ${join(root, "no-rules")}: there is no such file or folder\n`]);
    expect([readFileSync(signals, "utf8"), existsSync(lake)]).toEqual(["an earlier match\n", false]);
  });

  it("names the place of a typo, and asks the other rules", () => {
    const typo = write("typo/typo.yml", RULE.replace("condition: selection", "condition: selektion").replace("1111", "3333"));
    write("typo/good.yml", RULE);
    const { code, stdout, stderr } = corduroy(["scan", write("typo.json", envelope(event("y1"))), "--rules", join(root, "typo"), "--format", "json", "--workers", "1"]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Report).signals).toBe(1);
    expect(stderr).toMatch(new RegExp(`${typo.replaceAll(/[.\\/]/g, "\\$&")}:\\d+:\\d+: .*selektion`));
  });
});

describe("text aimed at whoever reads it", () => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[2J\u202e";
  const MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";

  it("shows control characters, and sends none to the terminal", () => {
    const file = write(`control${ESCAPE}.json`, envelope(event("c1", { userIdentity: { type: "IAMUser", userName: `ann${ESCAPE}`, arn: `arn${ESCAPE}`, accountId: "1" }, sourceIPAddress: ESCAPE }), "junk"));
    const { code, stdout, stderr } = corduroy(["scan", file, "--rules", rules, "--workers", "1"]);
    expect(code).toBe(1);
    for (const text of [stdout, stderr]) expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it("escapes markup in the report", () => {
    const file = write("markup.json", envelope(event("x1", { userIdentity: { type: "IAMUser", userName: MARKUP, arn: MARKUP, accountId: "1" }, sourceIPAddress: MARKUP, userAgent: MARKUP })));
    const html = join(root, "report.html");
    expect(corduroy(["scan", file, "--rules", rules, "--workers", "1", "--html", html]).code).toBe(1);
    const text = readFileSync(html, "utf8");
    expect(text).not.toContain("<img src=x");
    expect(text).not.toContain("<script>alert");
    expect(text).toContain("&lt;img src=x");
  });
});
