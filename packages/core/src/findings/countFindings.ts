import { and, sql } from "drizzle-orm";
import type { FindingFilter } from "@corduroy/contract";
import { authorize } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import { conditionsOf, overdueAt, statesOf } from "./listFindings.ts";
import { LEVELS, type Level } from "./schemas.ts";
import { STATES, type State } from "./state.ts";
import { findings } from "./tables.ts";

/** How many findings each choice of a filter would show, the filter's other parts being as they are. */
export interface FindingCounts {
  states: Record<State, number>;
  levels: Record<Level, number>;
  overdue: number;
}

interface Cell {
  state: State;
  level: Level;
  all: number;
  overdue: number;
}

/** Counts what stands beside a filter's choices, in one look at the table. @throws Forbidden */
export async function countFindings(ctx: DbCtx, filter: FindingFilter): Promise<FindingCounts> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  const others = { ...filter, state: "all" as const, level: undefined, due: undefined };
  const cells = await ctx.db
    .select({ state: findings.state, level: findings.level, all: sql<number>`count(*)::int`, overdue: sql<number>`count(*) FILTER (WHERE ${overdueAt(ctx.now())})::int` })
    .from(findings)
    .where(and(...conditionsOf(ctx, others)))
    .groupBy(findings.state, findings.level);
  return countsOf(cells, filter);
}

/** Adds up the cells of state and level: each choice is counted under the other two that were made. Pure. */
export function countsOf(cells: readonly Cell[], { state, level, due }: Pick<FindingFilter, "state" | "level" | "due">): FindingCounts {
  const states = statesOf(state);
  const add = (fits: (cell: Cell) => boolean, column: "all" | "overdue" = due === undefined ? "all" : "overdue"): number => cells.reduce((sum, cell) => (fits(cell) ? sum + cell[column] : sum), 0);
  const inLevel = (cell: Cell): boolean => level === undefined || cell.level === level;
  const inState = (cell: Cell): boolean => states.includes(cell.state);
  return {
    states: Object.fromEntries(STATES.map((each) => [each, add((cell) => cell.state === each && inLevel(cell))])) as Record<State, number>,
    levels: Object.fromEntries(LEVELS.map((each) => [each, add((cell) => cell.level === each && inState(cell))])) as Record<Level, number>,
    overdue: add((cell) => inState(cell) && inLevel(cell), "overdue"),
  };
}
