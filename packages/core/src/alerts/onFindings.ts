import { isActive, LEVELS, type FindingRow } from "../findings/index.ts";
import type { DbCtx } from "../store/index.ts";
import { ROUTE, type AlertSetup, type Openings } from "./schemas.ts";

/** Whether somebody is told of a finding, by state, level, environment and suppression. Elsewhere than in production nothing is worth an interruption. */
export function isWorthAnAlert({ state, level, environment, suppressedBy }: Pick<FindingRow, "state" | "level" | "environment" | "suppressedBy">): boolean {
  return isActive(state) && LEVELS.indexOf(level) >= LEVELS.indexOf("high") && (environment === "production" || environment === "unknown") && suppressedBy === null;
}

/**
 * Sees to it that somebody is told of findings, in the transaction that has opened them, opened them again or shown them: one job, however many they are.
 * Who has been told of an opening is not told of it again.
 */
export async function onFindings(ctx: DbCtx, rows: readonly FindingRow[], { jobs }: Pick<AlertSetup, "jobs">): Promise<void> {
  const findings = rows.filter(isWorthAnAlert).map(({ id, openedAt }) => ({ id, openedAt }));
  if (findings.length > 0) await jobs.send(ctx, ROUTE, { findings, to: "team" } satisfies Openings);
}
