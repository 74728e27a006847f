import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayCuts, endsBefore, firstDay, isAboveRegions, regionRoot } from "./trailDays.ts";

const ROOT = "AWSLogs/o-abc123/123456789012/CloudTrail/eu-west-1/";

describe("the layout of AWSLogs", () => {
  it.each([ROOT, `backup/${ROOT}`, "/srv/AWSLogs/123456789012/CloudTrail-Insight/us-east-1/"])("finds the region's folder in %s", (root) => {
    expect(regionRoot(`${root}2026/11/21/x.json.gz`)).toBe(root);
    expect(regionRoot(root)).toBe(root);
  });

  it.each(["AWSLogs/123456789012/CloudTrail/eu-west-1", "NotAWSLogs/123456789012/CloudTrail/eu-west-1/", "AWSLogs/123456789012/Config/eu-west-1/2026/9/1/", "AWSLogs/12/CloudTrail/r/"])(
    "sees none in %s",
    (path) => expect(regionRoot(path)).toBeUndefined(),
  );

  it("knows what lies above the regions", () => {
    for (const prefix of ["AWSLogs/", "x/AWSLogs/", "AWSLogs/o-abc/", "AWSLogs/o-abc/123456789012/", "AWSLogs/123456789012/CloudTrail/"]) {
      expect(isAboveRegions(prefix), prefix).toBe(true);
    }
    for (const prefix of ["", "x/", "MyAWSLogs/", "AWSLogs/123456789012/CloudTrail/us-east-1/", "AWSLogs/else/"]) {
      expect(isAboveRegions(prefix), prefix).toBe(false);
    }
  });

  it("stays linear on hostile paths", () => {
    const path = "AWSLogs/123456789012/CloudTrail/a".repeat(20_000);
    expect(regionRoot(path)).toBeUndefined();
    expect(isAboveRegions(path)).toBe(false);
  });
});

describe("endsBefore", () => {
  const first = firstDay(new Date("2026-11-14T10:00:00Z"));

  it("keeps the day before, for what was stored after midnight", () => {
    expect(first).toBe("2026/11/13");
  });

  it.each([["2025"], ["2026/10"], ["2026/11/12"]])("%s ended", (rest) => expect(endsBefore(ROOT + rest, first)).toBe(true));
  it.each([["2026"], ["2027"], ["2026/11"], ["2026/12"], ["2026/11/13"], ["2026/11/14"], ["extra"], ["2025-export"], [""]])("%s did not", (rest) =>
    expect(endsBefore(ROOT + rest, first)).toBe(false),
  );
});

function key(at: number): string {
  return `${ROOT}${new Date(at).toISOString().slice(0, 10).replaceAll("-", "/")}/x`;
}

describe("dayCuts", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");

  it("cuts at days, in stretches as long as what the page held", () => {
    expect(dayCuts(`${ROOT}2026/11/16/a`, `${ROOT}2026/11/17/b`, now, 64)).toEqual([`${ROOT}2026/11/19`, `${ROOT}2026/11/21`]);
  });

  it("cuts into no more pieces than asked for", () => {
    const cuts = dayCuts(`${ROOT}2020/01/01/a`, `${ROOT}2020/01/01/b`, now, 8);
    expect(cuts.length).toBeGreaterThan(4);
    expect(cuts.length).toBeLessThanOrEqual(8);
  });

  it("leaves alone what carries no days", () => {
    expect(dayCuts("x/1", "x/9", now, 64)).toEqual([]);
    expect(dayCuts(`${ROOT}a`, `${ROOT}b`, now, 64)).toEqual([]);
    expect(dayCuts(`${ROOT}2026/99/99/a`, `${ROOT}2026/99/99/b`, now, 64)).toEqual([]);
  });

  it("is ascending, after the page and not in the future", () => {
    const time = fc.integer({ min: Date.parse("2013-01-01"), max: now + 400 * 86_400_000 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 64 }), (a, b, most) => {
        const last = key(Math.max(a, b));
        const cuts = dayCuts(key(Math.min(a, b)), last, now, most);
        expect(cuts.length).toBeLessThanOrEqual(most);
        expect(cuts.every((cut, at) => cut > (cuts[at - 1] ?? last) && cut <= key(now))).toBe(true);
      }),
    );
  });
});
