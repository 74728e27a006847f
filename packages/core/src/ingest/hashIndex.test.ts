import fc from "fast-check";
import { expect, it } from "vitest";
import { HashIndex } from "./hashIndex.ts";

it("answers as a Map would, through growth and collisions", () => {
  // Few distinct values, so that hashes repeat and half-equal ones meet.
  const word = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0xffffffff, 0x80000000, 65_536, 131_072));
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, fc.nat(5), fc.boolean()), { maxLength: 300 }), (events) => {
      const index = new HashIndex();
      const reference = new Map<string, number[]>();
      for (const [low, high, batch, distinct] of events) {
        const key = `${low}/${high}`;
        const expected = reference.get(key) ?? [];
        expect(index.claim(low, high, batch)).toEqual(expected);
        if (expected.length === 0) reference.set(key, [batch]);
        else if (distinct) {
          index.addOther(low, high, batch);
          reference.set(key, [...expected, batch]);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it("keeps a quarter of a million hashes apart", () => {
  const index = new HashIndex();
  for (let k = 0; k < 250_000; k++) if (index.claim(k << 16, k, k & 7).length > 0) throw new Error(`${k} was new`);
  for (let k = 0; k < 250_000; k += 7) expect(index.claim((k << 16) >>> 0, k, 0)).toEqual([k & 7]);
});
