import type { FindingDetail, FindingSummary } from "@corduroy/contract";
import { displayWidth } from "@corduroy/core/kernel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingLines, idLength } from "./findingLines.ts";
import { findingText } from "./findingText.ts";

function finding(text = "svc-backup", over: Partial<FindingSummary> = {}): FindingDetail {
  const summary: FindingSummary = {
    id: "4f00a90c7be13d58", title: `${text} stopped the trail org-trail`, state: "triaged", level: "critical", priority: "p1", priorityWhy: "critical in production", rule: { id: "r1", title: "Trail stopped" }, entity: { kind: "user", key: text, name: text },
    count: 3, firstSeen: "2026-03-14T02:51:07.000Z", lastSeen: "2026-03-14T02:54:07.000Z", openedAt: "2026-03-14T02:55:00.000Z", changedAt: "2026-03-14T02:55:00.000Z", team: "platform", service: null, environment: "production",
    owner: { id: "u1", name: text }, dueAt: "2026-03-16T00:00:00.000Z", acceptedUntil: null, labels: [], news: ["new network"], suppressed: false, tactics: [], techniques: ["T1562"], version: 2, ...over,
  };
  return {
    ...summary, description: `Somebody stopped ${text}.`, falsePositives: [text], nextSteps: [`Ask the owner of ${text}`, "Start it again"], references: [],
    evidence: {
      accounts: ["111122223333"], regions: [], addresses: ["203.0.113.77", text], accessKeys: [], userAgents: [text], operations: ["StopLogging"], resources: [], outcomes: [], histogram: [],
      samples: [{ event_uid: "e1", time: "2026-03-14T02:51:07.000Z", file: `AWSLogs/${text}.json.gz`, line: 17, operation: "StopLogging", service: null, actor: text, address: null, user_agent: null, account: null, region: null, outcome: null, resource: null, raw: "{}" }],
    },
    timeline: [{ at: "2026-03-14T02:55:00.000Z", actor: { kind: "user", id: "u1", name: text }, kind: "comment", text, detail: {} }], related: [summary], links: [], duplicateOf: null, sql: `select e.time\nfrom events e\nwhere entity_key = '${text.replaceAll("'", "''")}'`,
  };
}

const plain = { columns: 80, color: false, more: false };

describe("findingLines", () => {
  it("says what, how bad, whose and when in 80 columns", () =>
    expect(findingLines([finding(), finding("eli", { id: "4f00a90d00000000", level: "informational", priority: "p4", owner: null, state: "open", team: null, count: 1, news: [], dueAt: null })], plain)).toBe(
      [
        "ID        P   LEVEL     WHAT                          OWNER         LAST (UTC)",
        "─".repeat(80),
        "4f00a90c  P1  critical  svc-backup stopped the trail  svc-backup    14 Mar 02:54",
        "                        org-trail",
        "                        triaged · team platform · 3",
        "                        events · new network · due",
        "                        2026-03-16",
        "4f00a90d  P4  info      eli stopped the trail         nobody        14 Mar 02:54",
        "                        org-trail",
        "",
        "2 findings",
        "",
      ].join("\n"),
    ));

  it("says when there are more, or none", () => {
    expect(findingLines([finding()], { ...plain, more: true })).toContain("1 finding, and more: see --limit");
    expect(findingLines([], plain)).toBe("Nothing fits.\n");
  });

  it("cuts ids only as far as they stay different", () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{16}$/), { minLength: 1 }), (ids) => {
        const length = idLength(ids);
        expect(new Set(ids.map((id) => id.slice(0, length))).size).toBe(ids.length);
      }),
    ));
});

describe("findingText", () => {
  it("holds everything that decides", () => {
    const text = findingText(finding(), plain);
    for (const part of ["critical, priority P1 (critical in production)", "owner      svc-backup, team platform", "203.0.113.77", "14 Mar 02:51  StopLogging · svc-backup", "AWSLogs/svc-backup.json.gz:17", "1  Ask the owner", "Timeline", "corduroy query 'select e.time from events e"]) expect(text).toContain(part);
  });

  it("lets nothing out of the quotes of the proposed command", () => expect(findingText(finding("x'; rm -rf ~ '"), plain)).toContain(String.raw`entity_key = '\''x'\'''\''; rm -rf ~ '\'''\'''\'''`));
});

it("sends no control character to the terminal, and keeps every line but a command in width", () => {
  const hostile = fc.array(fc.constantFrom("\u001B[2J", "\u009B31m", "\r", "\n", "\u202E", "\u0000", "李伟", "e\u0301", "A".repeat(2_000), " ", "word", "\uD800"), { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, fc.integer({ min: 80, max: 120 }), (text, columns) => {
      for (const shown of [findingLines([finding(text)], { ...plain, columns }), findingText(finding(text), { columns, color: false })]) {
        expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        for (const line of shown.split("\n")) if (!line.startsWith("corduroy query")) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }
    }),
    { numRuns: 50 },
  );
});
