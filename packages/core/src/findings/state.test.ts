import fc from "fast-check";
import { expect, it } from "vitest";
import { Conflict } from "../kernel/index.ts";
import { ACTIVE, isActive, stateOf, STATES, step } from "./state.ts";

const state = fc.constantFrom(...STATES);

it("a closed finding is left by opening it, and by nothing else", () => {
  fc.assert(
    fc.property(state, state, (from, to) => {
      fc.pre(from !== to);
      const allowed = isActive(from) || to === "open";
      if (allowed) expect(step(from, to)).toBe(to);
      else expect(() => step(from, to)).toThrow(Conflict);
    }),
  );
});

it("every state can be reached from every other, in two steps at most", () => {
  for (const from of STATES) for (const to of STATES) expect(STATES.some((via) => succeeds(from, via) && succeeds(via, to)), `${from} to ${to}`).toBe(true);
});

it("the state is what the events add up to, whatever else happened in between", () => {
  const noise = fc.constantFrom({ kind: "comment", detail: {} }, { kind: "owner", detail: { to: "u1" } }, { kind: "news", detail: { to: "resolved" } });
  fc.assert(
    fc.property(fc.array(fc.oneof(state.map((to) => ({ kind: "state", detail: { to } })), noise), { maxLength: 20 }), (events) => {
      let expected: (typeof STATES)[number] = "open";
      const possible = events.filter(({ kind, detail }) => {
        if (kind !== "state") return true;
        const to = STATES.find((each) => "to" in detail && each === detail.to)!;
        if (!succeeds(expected, to)) return false;
        expected = to;
        return true;
      });
      expect(stateOf(possible)).toBe(expected);
    }),
  );
});

it("a regression opens whatever was closed", () => {
  expect(stateOf([{ kind: "state", detail: { to: "resolved" } }, { kind: "regression", detail: { from: "resolved", to: "open" } }])).toBe("open");
  expect(ACTIVE).toContain(stateOf([]));
});

function succeeds(from: (typeof STATES)[number], to: (typeof STATES)[number]): boolean {
  try {
    step(from, to);
    return true;
  } catch {
    return false;
  }
}
