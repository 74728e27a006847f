import { LEVELS, type FindingRow, type Recorded } from "../findings/index.ts";
import type { DbCtx } from "../store/index.ts";
import { ROUTE, type AlertSetup, type Openings } from "./schemas.ts";

/** Whether somebody is told of a finding that has been opened, by level, environment and suppression. Elsewhere than in production nothing is worth an interruption. */
export function isWorthAnAlert({ level, environment, suppressedBy }: Pick<FindingRow, "level" | "environment" | "suppressedBy">): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf("high") && (environment === "production" || environment === "unknown") && suppressedBy === null;
}

/** Sees to it that somebody is told of the findings of a batch, in the batch's transaction: one job, however many they are. */
export async function onFindings(ctx: DbCtx, { opened, reopened }: Pick<Recorded, "opened" | "reopened">, { jobs }: Pick<AlertSetup, "jobs">): Promise<void> {
  const findings = [...opened, ...reopened].filter(isWorthAnAlert).map(({ id, openedAt }) => ({ id, openedAt }));
  if (findings.length > 0) await jobs.send(ctx, ROUTE, { findings, to: "team" } satisfies Openings);
}
