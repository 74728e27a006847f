import { assert, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

function draw(random: Random): number[] {
  return Array.from({ length: 8 }, () => random.next());
}

describe("Random", () => {
  it("gives the same stream for the same seed and label, and another one otherwise", () => {
    assert(
      property(nat(), string(), (seed, label) => {
        const stream = draw(new Random(seed, label));
        expect(draw(new Random(seed, label))).toEqual(stream);
        expect(draw(new Random(seed + 1, label))).not.toEqual(stream);
        expect(draw(new Random(seed, `${label}!`))).not.toEqual(stream);
      }),
      { numRuns: 40 },
    );
  });

  it("makes version 4 UUIDs that do not repeat", () => {
    const random = new Random(7, "guids");
    const seen = new Set<string>();
    for (let index = 0; index < 50_000; index++) {
      const guid = random.guid();
      if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(guid)) expect.fail(guid);
      seen.add(guid);
    }
    expect(seen.size).toBe(50_000);
  });

  it("spreads values evenly", () => {
    const random = new Random(3, "spread");
    const counts = Array.from({ length: 16 }, () => 0);
    for (let index = 0; index < 64_000; index++) {
      const value = random.int(16);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(320);
  });
});
