import fc from "fast-check";

/** The same records in every run, so that a build does not fail by chance; CORDUROY_FUZZ_SEED looks for others. */
const SEED = Number(process.env["CORDUROY_FUZZ_SEED"] ?? 1);

/** So many values of an arbitrary. */
export function fuzzed<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}
