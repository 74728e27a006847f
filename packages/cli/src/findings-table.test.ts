import type { Finding } from "@corduroy/core/findings";
import { displayWidth } from "@corduroy/core/kernel";
import type { ScanReport } from "@corduroy/core/reports";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingsTable } from "./findings-table.ts";

function finding(over: Partial<Finding> = {}, text = "svc-backup"): Finding {
  return {
    id: "4f00a90c7be13d58",
    rule: { id: "r1", title: "Trail stopped", level: "critical", tags: [], description: "", falsepositives: [], references: [], check: [`Ask the owner of ${text}`], respond: [] },
    title: `${text} stopped the CloudTrail trail org-trail in account 111122223333`,
    level: "critical",
    count: 3,
    first_seen: "2026-03-14T02:51:07.000Z",
    last_seen: "2026-03-14T02:54:07.000Z",
    entity: { kind: "user", key: text, name: text },
    tactics: ["defense-impairment"],
    techniques: [],
    accounts: [],
    regions: [],
    addresses: ["203.0.113.77", "203.0.113.91"],
    access_keys: ["AKIAIOSFODNN7EXAMPLE"],
    user_agents: [],
    operations: [],
    resources: [],
    outcomes: [],
    histogram: [],
    samples: [{ event_uid: "e1", time: "2026-03-14T02:51:07.000Z", file: `AWSLogs/111122223333/${text}/file.json.gz`, line: 17, operation: null, service: null, actor: null, address: null, user_agent: null, account: null, region: null, outcome: null, resource: null, raw: "{}" }],
    ...over,
  };
}

function report(findings: Finding[], over: Partial<ScanReport> = {}): ScanReport {
  return {
    generated: "2026-03-15T06:30:11.000Z",
    version: "0.1.0",
    inputs: ["./AWSLogs"],
    counts: { read: 1000, stored: 980, duplicate: 15, dead: 5 },
    bytes: 1_740_000,
    seconds: 1.2,
    rules: { count: 74, matched: 1 },
    signals: 3,
    findings,
    volume: [],
    identities: [],
    addresses: [],
    services: [],
    operations: [],
    unreadable: [{ file: "AWSLogs/x.json.gz", line: 12, reason: "Not JSON", count: 5 }],
    unreadable_total: 1,
    sources: [],
    ...over,
  };
}

function widest(columns: number): number {
  return Math.max(...findingsTable(report([finding()]), { columns, color: false }).split("\n").map(displayWidth));
}

describe("findingsTable", () => {
  it("says level, what, who, count and when in 80 columns, then where to look first and what was read", () => {
    expect(findingsTable(report([finding(), finding({ level: "informational", count: 1_240_000, last_seen: "2026-03-14T02:51:07.000Z" })]), { columns: 80, color: false })).toBe(
      [
        "svc-backup stopped the CloudTrail trail org-trail in account 111122223333.",
        "",
        "LEVEL     WHAT                           WHO                 COUNT  FIRST (UTC)",
        "─".repeat(80),
        "critical  svc-backup stopped the         svc-backup              3  14 Mar 02:51",
        "          CloudTrail trail org-trail in                             +3 min",
        "          account 111122223333",
        "info      svc-backup stopped the         svc-backup          1.24M  14 Mar 02:51",
        "          CloudTrail trail org-trail in",
        "          account 111122223333",
        "",
        "Look first",
        "1  Ask the owner of svc-backup",
        "   key AKIAIOSFODNN7EXAMPLE, from 203.0.113.77 and 203.0.113.91",
        "   AWSLogs/111122223333/svc-backup/file.json.gz:17",
        "2  Ask the owner of svc-backup",
        "   key AKIAIOSFODNN7EXAMPLE, from 203.0.113.77 and 203.0.113.91",
        "   AWSLogs/111122223333/svc-backup/file.json.gz:17",
        "",
        "1,000 read = 980 stored + 15 duplicate + 5 dead",
        "74 rules, 1 matched: 3 signals, 2 findings; 1.74 MB in 1.2 s",
        "Could not read 1 place:",
        "  AWSLogs/x.json.gz:12",
        "    Not JSON (5 records)",
        "",
      ].join("\n"),
    );
  });

  it("uses more columns when there are more, and never fewer than 80", () => {
    expect([widest(20), widest(80), widest(120), widest(500)]).toEqual([80, 80, 120, 160]);
  });

  it("is honest when nothing was found and when counts do not add up", () => {
    const text = findingsTable(report([], { counts: { read: 9, stored: 7, duplicate: 0, dead: 1 }, unreadable: [], unreadable_total: 0 }), { columns: 80, color: false });
    expect(text).toMatch(/^Nothing matched: 74 rules over 9 events\./);
    expect(text).toContain("9 read ≠ 7 stored");
    expect(text).toContain("do not add up");
  });

  it("ends a long list with a count", () => {
    const text = findingsTable(report(Array.from({ length: 60 }, () => finding())), { columns: 80, color: false });
    expect(text).toContain("and 10 findings more");
  });

  it("colours only when asked", () => {
    expect(findingsTable(report([finding()]), { columns: 80, color: true })).toContain("\u001B[31mcritical");
    expect(findingsTable(report([finding()]), { columns: 80, color: false })).not.toContain("\u001B");
  });

  it("sends no control character from a log to the terminal and keeps every line in width", () => {
    const hostile = fc.array(fc.constantFrom("\u001B[2J", "\u001B]0;owned\u0007", "\u009B31m", "\r", "\n", "\t", "\u202E", "\u0000", "李伟", "👩‍💻", "e\u0301", "z\u0301\u0301\u0301\u0301\u0301\u0301", "A".repeat(10_240), " ", "word", "\uD800"), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostile, fc.integer({ min: 80, max: 160 }), (text, columns) => {
        const shown = findingsTable(report([finding({ first_seen: text, access_keys: [text], addresses: [text] }, text)], { unreadable: [{ file: text, line: null, reason: text, count: 1 }] }), { columns, color: false });
        expect(shown.replaceAll("\n", "").replaceAll(/(?<=👩)\u200D(?=💻)/gu, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        for (const line of shown.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 100 },
    );
  });
});
