import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRawSchema } from "./test/compiled-schema.ts";
import type { RawSchema } from "./test/compiled-schema.ts";
import { mutate } from "./test/mutate.ts";
import { naiveProblems } from "./test/naive-checker.ts";
import { randomEvent, seeded } from "./test/random-event.ts";
import { validEvents } from "./test/valid-events.ts";
import { validate } from "./validate.ts";

const RUNS = 2000;

function problemsOf(event: unknown): string[] {
  return [...new Set(validate(event).map(({ code, path }) => `${code} ${path}`))].sort();
}

describe.skipIf(!process.env["CORDUROY_SAMPLES"])("agreement with a naive checker that reads the published schema", () => {
  const schema: RawSchema = process.env["CORDUROY_SAMPLES"] ? readRawSchema() : { classes: {}, objects: {}, dictionary: { types: { attributes: {} } } };
  const classNames = Object.keys(schema.classes);
  const names = [...new Set([...Object.values(schema.classes), ...Object.values(schema.objects)].flatMap((owner) => Object.keys(owner.attributes)))];
  const profiles = [...new Set(Object.values(schema.classes).flatMap((eventClass) => eventClass.profiles))];
  const classUids = Object.values(schema.classes).map((eventClass) => eventClass.uid);

  test.each(classNames)("a random event of %s is valid", (className) => {
    for (let seed = 0; seed < 10; seed += 1) {
      const event = randomEvent(schema, className, seeded(seed));
      expect(problemsOf(event)).toEqual([]);
      expect([...naiveProblems(schema, event)]).toEqual([]);
    }
  });

  test("on mutations of random events of every class", () => {
    fc.assert(
      fc.property(fc.constantFrom(...classNames), fc.integer(), fc.integer({ min: 1, max: 4 }), (className, seed, times) => {
        const pick = seeded(seed);
        const event = randomEvent(schema, className, pick);
        for (let time = 0; time < times; time += 1) mutate(event, names, profiles, classUids, pick);
        expect(problemsOf(event)).toEqual([...naiveProblems(schema, event)].sort());
      }),
      { numRuns: RUNS },
    );
  });

  test("on mutations of the events written by hand", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(validEvents)), fc.integer(), fc.integer({ min: 1, max: 4 }), (original, seed, times) => {
        const pick = seeded(seed);
        const event = structuredClone(original) as unknown as Record<string, unknown>;
        for (let time = 0; time < times; time += 1) mutate(event, names, profiles, classUids, pick);
        expect(problemsOf(event)).toEqual([...naiveProblems(schema, event)].sort());
      }),
      { numRuns: RUNS },
    );
  });
});
