import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACTING, HOSTILE_TEXTS, message } from "./test/messages.ts";
import { readable, shown } from "./text.ts";

describe("a readable message", () => {
  it("has at most 50 lines and 40 facts, and says how many lines are missing", () => {
    const { lines, facts } = readable(message({ lines: Array.from({ length: 53 }, (_, n) => `line ${n}`), facts: Array.from({ length: 60 }, (_, n) => [`fact ${n}`, "x"]) }));
    expect([lines.length, lines[49], lines[50], facts.length]).toEqual([51, "line 49", "… and 3 more", 40]);
  });

  it("keeps 50 lines as they are", () => {
    expect(readable(message({ lines: Array.from({ length: 50 }, () => "x") })).lines).toHaveLength(50);
  });
});

it("a shown text is one line within its limit, without anything that acts, and says when it was cut", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.constantFrom(...HOSTILE_TEXTS));
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 70 }), (given, limit) => {
      const result = shown(given, limit);
      expect(result.length).toBeLessThanOrEqual(limit);
      expect(result).not.toMatch(/\n/);
      expect(result).not.toMatch(ACTING);
      if (given.length > limit) expect(result.endsWith("…")).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
