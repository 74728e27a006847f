import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begun last, it would run on alone for minutes while all other tests are done. */
const LONGEST = /\/bench\/soak\//;

/** Orders test files as vitest does, but for the longest, which comes first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => LONGEST.test(moduleId)), ...sorted.filter(({ moduleId }) => !LONGEST.test(moduleId))];
  }
}
