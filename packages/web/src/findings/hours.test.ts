import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hoursBetween } from "./hours.ts";

const HOUR = 3_600_000;
const hour = (n: number): string => new Date(Date.UTC(2026, 10, 1) + n * HOUR).toISOString();
const sum = (bars: readonly (readonly [string, number])[]): number => bars.reduce((total, [, count]) => total + count, 0);

describe("the hours of a finding", () => {
  it("show silence as empty bars", () => {
    expect(hoursBetween([[hour(3), 4], [hour(0), 1]]).map(([, count]) => count)).toEqual([1, 0, 0, 4]);
  });

  it("become days over a long time, and keep every match", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 24 * 300 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 1e6 }), (hours, count) => {
        const histogram = hours.map((n): [string, number] => [hour(n), count]);
        const bars = hoursBetween(histogram);
        expect(sum(bars)).toBe(sum(histogram));
        expect(bars.length).toBeLessThanOrEqual(301);
      }),
    );
  });

  it("are none for no times, or texts that are none", () => {
    expect(hoursBetween([])).toEqual([]);
    expect(hoursBetween([["yesterday", 3]])).toEqual([]);
    expect(hoursBetween([["yesterday", 3], [hour(0), 2]])).toEqual([[hour(0), 2]]);
  });
});
