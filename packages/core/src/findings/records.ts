import { and, inArray, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import type { DbCtx } from "../store/index.ts";
import { readable } from "./readable.ts";
import { ACTIVE, type State } from "./state.ts";
import { findings } from "./tables.ts";

type Asker = Pick<DbCtx, "actor" | "allows" | "db">;

/** How many findings of each team, and of each service, somebody still has to decide about, as far as whoever asks may know of them. */
export async function activeByOwner(asker: Asker): Promise<{ teams: Map<string, number>; services: Map<string, number> }> {
  const count = async (column: typeof findings.team | typeof findings.service): Promise<Map<string, number>> => {
    const rows = await asker.db.select({ of: column, count: sql<number>`count(*)::int` }).from(findings).where(and(inArray(findings.state, [...ACTIVE]), isNull(findings.suppressedBy), isNotNull(column), readable(asker))).groupBy(column);
    return new Map(rows.map(({ of, count: found }) => [of ?? "", found]));
  };
  return { teams: await count(findings.team), services: await count(findings.service) };
}

/** What became of the findings of each rule, likewise. */
export async function ruleRecords(asker: Asker): Promise<Map<string, { findings: number; active: number; closed: number; falsePositives: number }>> {
  const rows = await asker.db
    .select({ rule: findings.ruleId, findings: sql<number>`count(*)::int`, active: inStates(ACTIVE), closed: inStates(["resolved", "accepted", "false_positive"]), falsePositives: inStates(["false_positive"]) })
    .from(findings)
    .where(readable(asker))
    .groupBy(findings.ruleId);
  return new Map(rows.map(({ rule, ...record }) => [rule, record]));
}

function inStates(states: readonly State[]): SQL<number> {
  return sql<number>`count(*) FILTER (WHERE ${inArray(findings.state, [...states])})::int`;
}
