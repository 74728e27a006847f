import fc from "fast-check";
import { expect, it } from "vitest";
import { countsOf } from "./countFindings.ts";
import { LEVELS, type Level } from "./schemas.ts";
import { isActive, STATES, type State } from "./state.ts";

interface One {
  state: State;
  level: Level;
  overdue: boolean;
}
const one: fc.Arbitrary<One> = fc.record({ state: fc.constantFrom(...STATES), level: fc.constantFrom(...LEVELS), overdue: fc.boolean() });
const choice = fc.record({ state: fc.constantFrom("active" as const, "closed" as const, "all" as const, ...STATES), level: fc.option(fc.constantFrom(...LEVELS), { nil: undefined }), due: fc.constantFrom("overdue" as const, undefined) });
type Choice = typeof choice extends fc.Arbitrary<infer T> ? T : never;

/** What a list under this filter would show: written on its own. */
function listed(all: readonly One[], { state, level, due }: Choice): number {
  return all.filter((each) => (state === "all" || (state === "active" ? isActive(each.state) : state === "closed" ? !isActive(each.state) : each.state === state)) && (level === undefined || each.level === level) && (due === undefined || each.overdue)).length;
}

it("counts beside each choice what the list would show under it", () => {
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), choice, (all, chosen) => {
      const cells = STATES.flatMap((state) => LEVELS.map((level) => ({ state, level, all: listed(all, { state, level, due: undefined }), overdue: listed(all, { state, level, due: "overdue" }) })));
      const counts = countsOf(cells, chosen);
      for (const state of STATES) expect(counts.states[state]).toBe(listed(all, { ...chosen, state }));
      for (const level of LEVELS) expect(counts.levels[level]).toBe(listed(all, { ...chosen, level }));
      expect(counts.overdue).toBe(listed(all, { ...chosen, due: "overdue" }));
    }),
  );
});
