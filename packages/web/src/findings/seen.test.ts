import { describe, expect, it } from "vitest";
import { overtakenText, versionSeen } from "./seen.ts";
import { finding } from "./test/finding.ts";

describe("the version that goes with a decision", () => {
  it("is the newest one while only matches were counted", () => expect(versionSeen(finding(), finding({ version: 4, count: 90 }))).toBe(4));

  it("is the one that was seen once somebody has changed it, or there is news", () => {
    const changes = [{ state: "triaged" }, { owner: { id: "u2", name: "Ole" } }, { priority: "p1" }, { labels: [] }, { dueAt: "2026-12-01T00:00:00.000Z" }, { news: ["new network 198.51.100.0/24"] }] as const;
    for (const change of changes) expect(versionSeen(finding(), finding({ version: 2, ...(change as object) })), JSON.stringify(change)).toBe(1);
  });
});

describe("a refusal", () => {
  it("is somebody else's change only when there was one", () => {
    expect(overtakenText(2, finding({ version: 2 }), finding({ version: 2 }))).toBeNull();
    expect(overtakenText(1, finding(), finding({ version: 2, state: "resolved" }))).toBe("Somebody changed this finding first (state: open → resolved). Yours was not saved.");
    expect(overtakenText(1, finding(), finding({ version: 2, count: 9 }))).toBe("Somebody changed this finding first. Yours was not saved.");
  });
});
