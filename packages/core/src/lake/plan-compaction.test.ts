import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Part } from "./manifest.ts";
import { planCompaction, type Plan } from "./plan-compaction.ts";

const MB = 1024 * 1024;
/** What a Parquet file takes beside its rows, and a row that is packed. */
const bytesOf = (rows: number, perRow = 150): number => 6_000 + rows * perRow;

let made = 0;
function part(change: Partial<Part> = {}): Part {
  const rows = change.rows ?? 100;
  const no = String(++made).padStart(9, "0");
  return { kind: "events", source: "aws.cloudtrail", day: "2026-11-18", path: `events/${no}`, rows, bytes: bytesOf(rows), first: `2026-11-18T${no}`, last: null, ...change };
}

/** Parts under simulated compaction: how often the rows of each were written again, at most, and how many rows the smallest part had that they came in. */
class Days {
  readonly parts = new Map<string, Part & { rewrites: number; smallest: number }>();
  arrived = 0;
  rewritten = 0;

  constructor(private readonly perRow = 150) {}

  add(arriving: Part): void {
    this.arrived += arriving.bytes;
    this.parts.set(arriving.path, { ...arriving, rewrites: 0, smallest: arriving.rows });
  }

  /** Merges until there is nothing to merge. */
  run(): void {
    for (let plans = planCompaction([...this.parts.values()]); plans.length > 0; plans = planCompaction([...this.parts.values()])) for (const plan of plans) this.merge(plan);
  }

  private merge({ parts, kind, source, day }: Plan): void {
    const inputs = parts.map(({ path }) => this.parts.get(path)!);
    expect(inputs.every((input) => input !== undefined), "no part is in two merges").toBe(true);
    expect(inputs.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(256 * MB);
    expect(inputs.length).toBeGreaterThan(1);
    for (const { path } of inputs) this.parts.delete(path);
    const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
    const merged = part({ kind, source, day, rows, bytes: bytesOf(rows, this.perRow), first: inputs[0]!.first });
    this.rewritten += merged.bytes;
    this.parts.set(merged.path, { ...merged, rewrites: Math.max(...inputs.map(({ rewrites }) => rewrites)) + 1, smallest: Math.min(...inputs.map(({ smallest }) => smallest)) });
  }

  countOf(day: string): number {
    return [...this.parts.values()].filter((each) => each.day === day).length;
  }
}

describe("planCompaction", () => {
  it("keeps seven days of one part a second at 40 parts a day, and writes each byte again three times", { timeout: 300_000 }, () => {
    const days = new Days();
    let most = 0;
    for (let minute = 0; minute < 7 * 24 * 60; minute++) {
      const day = `2026-11-${10 + Math.floor(minute / 1_440)}`;
      // Busy at noon, quiet at night; and every third second is of another size.
      for (let second = 0; second < 60; second++) days.add(part({ day, rows: 1 + Math.round((1 - Math.cos((minute / 720) * Math.PI)) * 150 * (1 + (second % 3))) }));
      days.run();
      most = Math.max(most, days.countOf(day));
    }
    expect(made).toBeGreaterThan(604_800);
    expect(most).toBeLessThanOrEqual(40);
    expect(days.rewritten / days.arrived).toBeLessThan(4);
    for (let day = 10; day < 17; day++) expect(days.countOf(`2026-11-${day}`)).toBeLessThanOrEqual(40);
    console.log(`${days.parts.size} parts left of 604,800; at most ${most} a day; each byte written again ${(days.rewritten / days.arrived).toFixed(1)} times`);
  });

  it("leaves few parts whatever comes, loses no row, and writes none again more often than it says", () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 1_500_000 }));
    fc.assert(
      fc.property(fc.array(fc.array(size, { maxLength: 70 }), { maxLength: 40 }), fc.constantFrom(20, 150, 2_000), (runs, perRow) => {
        const days = new Days(perRow);
        let rows = 0;
        for (const run of runs) {
          for (const each of run) {
            days.add(part({ rows: each, bytes: bytesOf(each, perRow) }));
            rows += each;
          }
          days.run();
          const left = [...days.parts.values()];
          expect(left.reduce((sum, each) => sum + each.rows, 0)).toBe(rows);
          const sizes = left.filter(({ bytes }) => bytes < 128 * MB).map((each) => each.rows);
          if (sizes.length > 12) expect(sizes.length).toBeLessThanOrEqual(Math.log2(Math.max(...sizes) / Math.min(...sizes)) + 2);
          for (const each of left) expect(each.rewrites).toBeLessThanOrEqual(Math.log2(each.rows / each.smallest) + 2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("merges only what belongs together, in the order of time", () => {
    const kinds = [{}, { source: "generic.json" }, { day: "2026-11-19" }, { kind: "signals", source: "" }, { kind: "dead" }] as const;
    const parts = kinds.flatMap((kind) => Array.from({ length: 8 }, () => part(kind)));
    const plans = planCompaction(parts.toReversed());
    expect(plans).toHaveLength(5);
    for (const plan of plans) {
      expect(plan.parts.every(({ kind, source, day }) => kind === plan.kind && source === plan.source && day === plan.day)).toBe(true);
      expect(plan.parts.map(({ path }) => path)).toEqual(plan.parts.map(({ path }) => path).toSorted());
    }
  });

  it("leaves a day alone that has few parts, and a part that is large", () => {
    expect(planCompaction(Array.from({ length: 7 }, () => part()))).toEqual([]);
    expect(planCompaction(Array.from({ length: 20 }, () => part({ rows: 1_000_000, bytes: 128 * MB })))).toEqual([]);
    const large = Array.from({ length: 5 }, () => part({ rows: 500_000, bytes: 60 * MB }));
    expect(planCompaction(large.toReversed()).map(({ parts }) => parts)).toEqual([large.slice(0, 4)]);
    expect(planCompaction(Array.from({ length: 1_000 }, () => part())).map(({ parts }) => parts.length)).toEqual([512, 488]);
  });

  it("of many sizes merges the smallest, never into one that outweighs them, nor above the largest size, in the order of time", () => {
    const growing = Array.from({ length: 13 }, (_, index) => part({ rows: 3 ** index }));
    expect(planCompaction(growing)).toEqual([]);
    const pairs = Array.from({ length: 14 }, (_, index) => part({ rows: 8 ** (6 - (index >> 1)), bytes: 60 * MB }));
    expect(planCompaction(pairs).map(({ parts }) => parts)).toEqual([pairs.slice(-4)]);
  });
});
