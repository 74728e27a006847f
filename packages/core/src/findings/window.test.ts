import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint } from "./finding.ts";
import { groupOf, HOUR, START } from "./test/signals.ts";
import { cutWindows, SPAN_HOURS, WINDOW_HOURS } from "./window.ts";

/** The hours of each window, counted from the start. */
function cut(hours: readonly number[]): number[][] {
  const groups = hours.map((hour) => groupOf({ rule: 0, entity: "user:anna", at: START + hour * HOUR, address: "" }));
  return cutWindows(groups).map((window) => window.map(({ hour }) => (Date.parse(hour) - START) / HOUR));
}

/** The id of the finding that the window with this hour becomes. */
function idAt(hours: readonly number[], hour: number): string {
  const window = cut(hours).find((each) => each.includes(hour))!;
  return fingerprint("rule", "user:anna", String(window[0]));
}

const someHours = fc.uniqueArray(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 60 });

describe("the window", () => {
  it("holds over 24 hours of silence, and ends after that", () => {
    expect([WINDOW_HOURS, SPAN_HOURS]).toEqual([24, 168]);
    expect(cut([0, 24])).toEqual([[0, 24]]);
    expect(cut([0, 25])).toEqual([[0], [25]]);
  });

  it("spans seven days at most, however dense the signals are", () => {
    const dense = Array.from({ length: 400 }, (_, hour) => hour);
    expect(cut(dense).map((window) => [window[0], window.length])).toEqual([[0, 168], [168, 168], [336, 64]]);
  });

  it("puts every hour in one window, in order, and cuts only where it must", () => {
    fc.assert(
      fc.property(someHours, (hours) => {
        const windows = cut(hours);
        expect(windows.flat()).toEqual([...hours].sort((a, b) => a - b));
        windows.forEach((window, index) => {
          expect(window.at(-1)! - window[0]!).toBeLessThan(SPAN_HOURS);
          for (let k = 1; k < window.length; k++) expect(window[k]! - window[k - 1]!).toBeLessThanOrEqual(WINDOW_HOURS);
          const next = windows[index + 1]?.[0];
          if (next !== undefined) expect(next - window.at(-1)! > WINDOW_HOURS || next - window[0]! >= SPAN_HOURS).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe("the fingerprint", () => {
  it("stays when later signals join the window, and does not depend on the order", () => {
    fc.assert(
      fc.property(someHours, fc.array(fc.nat({ max: 1500 }), { maxLength: 20 }), (hours, later) => {
        const last = Math.max(...hours);
        const grown = [...later.map((hour) => last + hour), ...hours];
        expect(idAt(grown, last)).toBe(idAt(hours, last));
      }),
      { numRuns: 300 },
    );
  });

  it("is 16 hex digits, and differs by rule, entity and hour, also where the texts run into each other", () => {
    const ids = [["a", "b", "c"], ["ab", "", "c"], ["a", "bc", ""], ["a", "b", "d"], ["", "ab", "c"], ["__proto__", "b", "c"], ["a", '"],["', "c"], ["a", "b".repeat(100_000), "c"]].map(([rule, entity, hour]) => fingerprint(rule!, entity!, hour!));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  it("is pinned: findings known from earlier runs keep their names", () => {
    expect(fingerprint("95fa5375-fac8-410f-98a1-26acb26204fd", "user:123456789012:anna", "2026-01-01T00:00:00.000Z")).toBe("b4d486bc42a84549");
  });
});
