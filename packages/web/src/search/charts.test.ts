import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column } from "./answer.ts";
import { chartFor, timeBuckets, timesOf } from "./charts.ts";

const time: Column = { name: "hour", type: "time" };
const n: Column = { name: "n", type: "number" };
const who: Column = { name: "who", type: "text" };

describe("the chart of an answer", () => {
  it("is a line for a number over time, in the order of time, in UTC", () => {
    expect(chartFor([time, n], [["2026-11-18 15:00:00", 2], ["2026-11-18T14:00:00Z", 5]])).toEqual({ kind: "line", x: "hour", y: "n", points: [[Date.UTC(2026, 10, 18, 14), 5], [Date.UTC(2026, 10, 18, 15), 2]] });
  });

  it("is bars for a number a text; large numbers may be texts", () => {
    expect(chartFor([who, n], [["ci", "12345678901234567000"], [null, 3]])).toEqual({ kind: "bars", x: "who", y: "n", bars: [["ci", 12_345_678_901_234_567_000], ["", 3]] });
  });

  it("is none without a number, without rows, or with values that are none", () => {
    expect(chartFor([time, who], [["2026-11-18", "x"]])).toBeNull();
    expect(chartFor([who, n], [])).toBeNull();
    expect(chartFor([n], [[1]])).toBeNull();
    expect(chartFor([who, n], [["ci", null], ["cd", "many"]])).toBeNull();
    expect(chartFor([time, n], [["never", 1], ["2026-11-18T14:00:00Z", null]])).toBeNull();
  });
});

describe("rows in time", () => {
  it("are known when there is a column of times", () => {
    expect(timesOf([who, time], [["a", "2026-11-18"], ["b", null], ["c", "2026-11-19"]])).toEqual([[Date.UTC(2026, 10, 18), 1], [Date.UTC(2026, 10, 19), 1]]);
    expect(timesOf([who], [["a"]])).toBeNull();
  });

  it("lose none in buckets, of which there are never more than asked, without a gap", () => {
    const at = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(fc.array(fc.tuple(at, fc.nat(1_000)), { minLength: 1 }), fc.integer({ min: 2, max: 120 }), (times, most) => {
        const buckets = timeBuckets(times, most);
        expect(buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(times.reduce((sum, [, count]) => sum + count, 0));
        expect(buckets.length).toBeLessThanOrEqual(most);
        const starts = buckets.map(([start]) => Date.parse(start));
        expect(new Set(starts.slice(1).map((start, i) => start - (starts[i] ?? 0))).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("have round lengths", () => {
    const buckets = timeBuckets([[Date.UTC(2026, 10, 18, 14, 7), 1], [Date.UTC(2026, 10, 18, 18, 59), 1]], 10);
    expect(buckets.map(([start]) => start.slice(11, 16))).toEqual(["14:00", "15:00", "16:00", "17:00", "18:00"]);
    const eleven = Array.from({ length: 11 }, (_, hour): [number, number] => [Date.UTC(2026, 10, 18, hour), 1]);
    expect([timeBuckets(eleven, 11).length, timeBuckets(eleven, 10).length]).toEqual([11, 4]);
  });
});
