import type { FindingDetail } from "@corduroy/contract";
import { describe, expect, it } from "vitest";
import { whatChanged } from "./names.ts";
import { finding } from "./test/finding.ts";

type Said = FindingDetail["timeline"][number];
const comment: Said = { at: "2026-11-18T15:00:00.000Z", actor: { kind: "user", id: "u1", name: "Ana" }, kind: "comment", text: "On it.", detail: {} };

function detail(change: Partial<FindingDetail>): FindingDetail {
  const evidence = { accounts: [], regions: [], addresses: [], accessKeys: [], userAgents: [], operations: [], resources: [], outcomes: [], histogram: [], samples: [] };
  return { ...finding(), description: "", falsePositives: [], nextSteps: [], references: [], evidence, timeline: [], related: [], links: [], duplicateOf: null, sql: "", ...change };
}

describe("what somebody else changed", () => {
  it("is told with before and after", () => {
    const after = detail({ state: "in_progress", owner: { id: "u1", name: "Ana" }, dueAt: "2026-11-20T12:00:00.000Z", labels: [], timeline: [comment] });
    expect(whatChanged(detail({}), after)).toEqual(["state: open → in progress", "owner: nobody → Ana", "due date: none → 2026-11-20 12:00:00 UTC", "labels: q4 → none", "a new comment"]);
  });

  it("is nothing when only counts moved", () => {
    expect(whatChanged(detail({}), detail({ count: 9, version: 2 }))).toEqual([]);
  });
});
