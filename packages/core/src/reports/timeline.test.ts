import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breachReport } from "./test/breach-report.ts";
import { percentAt, timelineOf } from "./timeline.ts";

const HOUR = 3_600_000;
const MARCH = Date.parse("2026-03-01T00:00:00.000Z");

function lineOver(hours: [number, number][]): NonNullable<ReturnType<typeof timelineOf>> {
  const line = timelineOf({ ...breachReport(), findings: [], volume: hours.map(([hour, count]) => [new Date(MARCH + hour * HOUR).toISOString(), count]) });
  if (line === null) throw new Error("no line");
  return line;
}

describe("timelineOf", () => {
  it("shows one hour as one bar with ticks inside", () => {
    const line = lineOver([[14, 100]]);
    expect([line.end - line.start, line.step, line.buckets.length]).toEqual([HOUR, HOUR, 1]);
    expect(line.ticks.map((tick) => tick.label)).toEqual(["1 Mar 14:00", "14:10", "14:20", "14:30", "14:40", "14:50"]);
  });

  it("folds half a year to days, with months on the axis", () => {
    const line = lineOver(Array.from({ length: 183 * 24 }, (_, i): [number, number] => [i, 1]));
    expect(line.step).toBe(24 * HOUR);
    expect(line.ticks.map((tick) => tick.label)).toEqual(["Mar 2026", "Apr", "May", "Jun", "Jul", "Aug"]);
  });

  it("leaves out a stray event of another age instead of squeezing the rest, and says so", () => {
    const line = lineOver([[-500_000, 1], [0, 5000], [1, 5000], [2, 5000], [900_000, 2]]);
    expect([line.start, line.end, line.outside]).toEqual([MARCH, MARCH + 3 * HOUR, 3]);
  });

  it("counts every event once, in bounded and labelled space, whatever the hours", () => {
    const hours = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: -10_000_000, max: 10_000_000 })), fc.integer({ min: 1, max: 1_000_000 })), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(hours, (volume) => {
        const line = lineOver(volume);
        const total = volume.reduce((sum, [, count]) => sum + count, 0);
        expect(line.buckets.reduce((sum, bucket) => sum + bucket.count, 0) + line.outside).toBe(total);
        expect(line.buckets.length).toBeLessThanOrEqual(191);
        expect(line.ticks.length).toBeLessThanOrEqual(9);
        for (const { at } of line.ticks) expect(at >= line.start && at < line.end).toBe(true);
        for (const { start } of line.buckets) expect(percentAt(line, start)).toBeLessThan(100);
      }),
      { numRuns: 1000 },
    );
  });

  it("shows findings without any volume, and nothing without either", () => {
    const report = { ...breachReport(), volume: [] };
    expect(timelineOf(report)?.start).toBe(Date.parse("2026-03-14T00:00:00.000Z"));
    expect(timelineOf({ ...report, findings: [] })).toBeNull();
    expect(timelineOf({ ...report, findings: [], volume: [["never", 3]] })).toBeNull();
  });
});
