import fc from "fast-check";
import { expect, it } from "vitest";
import { HashSet } from "./hashSet.ts";

const words = (hashes: readonly bigint[]): Uint32Array => new Uint32Array(BigUint64Array.from(hashes).buffer);

it("has what was added, and nothing else", () => {
  const hash = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 40n }).map((n) => (n << 32n) | 7n));
  fc.assert(
    fc.property(fc.array(fc.array(hash, { maxLength: 40 }), { maxLength: 8 }), fc.array(hash, { maxLength: 40 }), (batches, asked) => {
      const known = new Set(batches.flat());
      // A low word of zero stands for its neighbour.
      fc.pre([...known, ...asked].every((each) => (each & 0xffffffffn) !== 0n));
      const set = new HashSet();
      for (const batch of batches) set.addAll(words(batch));
      expect(set.size).toBe(known.size);
      for (const each of [...known, ...asked]) expect(set.hasAny(words([each]))).toBe(known.has(each));
      expect(set.hasAny(words(asked))).toBe(asked.some((each) => known.has(each)));
    }),
  );
});

it("never misses one, a hash of zeros included, also after it has grown", () => {
  const set = new HashSet();
  const many = Array.from({ length: 50_000 }, (_, n) => (BigInt(n) * 0x9e3779b97f4a7c15n) & ((1n << 64n) - 1n));
  for (let at = 0; at < many.length; at += 1_000) set.addAll(words(many.slice(at, at + 1_000)));
  for (const each of many) expect(set.hasAny(words([each]))).toBe(true);
  for (const each of [0n, 5n << 32n]) {
    set.addAll(words([each]));
    expect(set.hasAny(words([each]))).toBe(true);
  }
});
