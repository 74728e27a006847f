import { Conflict } from "../kernel/index.ts";

/** Where a finding is in its life. */
export const STATES = ["open", "triaged", "in_progress", "resolved", "accepted", "false_positive", "duplicate"] as const;
export type State = (typeof STATES)[number];

/** What somebody still has to do something about. */
export const ACTIVE = ["open", "triaged", "in_progress"] as const satisfies readonly State[];

/** Where one may go from a state; closing takes a disposition, and is left by opening again only. */
const NEXT: Record<State, readonly State[]> = {
  open: ["triaged", "in_progress", "resolved", "accepted", "false_positive", "duplicate"],
  triaged: ["open", "in_progress", "resolved", "accepted", "false_positive", "duplicate"],
  in_progress: ["open", "triaged", "resolved", "accepted", "false_positive", "duplicate"],
  resolved: ["open"],
  accepted: ["open"],
  false_positive: ["open"],
  duplicate: ["open"],
};

export function isActive(state: State): boolean {
  return (ACTIVE as readonly State[]).includes(state);
}

/** @throws Conflict for a step that is not in the life of a finding */
export function step(from: State, to: State): State {
  if (from === to) return to;
  if (!NEXT[from].includes(to)) throw new Conflict(`A finding that is ${spoken(from)} cannot become ${spoken(to)}.`, { hint: "Open it again first." });
  return to;
}

/** A state as people say it: `in progress`. */
export function spoken(state: State): string {
  return state.replaceAll("_", " ");
}

/** Part of an event of a finding that its state follows from. */
export interface StateEvent {
  kind: string;
  detail: Record<string, unknown>;
}

/** The state that a finding's events add up to, from its first one on. */
export function stateOf(events: Iterable<StateEvent>): State {
  let state: State = "open";
  for (const { kind, detail } of events) {
    if (kind === "regression") state = "open";
    const to = STATES.find((each) => each === detail["to"]);
    if (kind === "state" && to) state = step(state, to);
  }
  return state;
}
