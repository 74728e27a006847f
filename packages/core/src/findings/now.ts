import { and, eq, inArray, isNotNull, isNull, lte, sql, type SQL } from "drizzle-orm";
import { authorize } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import { linesWhere, type FindingLine } from "./listFindings.ts";
import { ACTIVE } from "./state.ts";
import { findings } from "./tables.ts";

/** What needs a decision today. */
export interface Today {
  items: { finding: FindingLine; why: string }[];
  counts: { active: number; unowned: number; overdue: number; mine: number };
}

const SHOWN = 12;
const CANDIDATES = 200;

/**
 * What needs a decision today, and why it stands where it stands: what came back or brings news first, then what is urgent and unowned,
 * overdue, one's own; the rest waits.
 */
export async function whatNeedsDecision(ctx: DbCtx): Promise<Today> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  const now = ctx.now();
  const me = ctx.actor.kind === "user" ? ctx.actor.id : "";
  const shown = and(inArray(findings.state, [...ACTIVE]), isNull(findings.suppressedBy));
  const lines = await linesWhere(ctx.db, shown, CANDIDATES);
  const scored = lines.map((finding) => ({ finding, ...scoreOf(finding, me, now) })).filter(({ score }) => score > 0);
  scored.sort((a, b) => b.score - a.score || (a.finding.lastSeen > b.finding.lastSeen ? -1 : 1));
  const [counts] = await ctx.db
    .select({ active: sql<number>`count(*)::int`, unowned: count(isNull(findings.owner)), overdue: count(and(isNotNull(findings.dueAt), lte(findings.dueAt, now))), mine: count(eq(findings.owner, me)) })
    .from(findings)
    .where(shown);
  return { items: scored.slice(0, SHOWN).map(({ finding, why }) => ({ finding, why })), counts: counts! };
}

function count(where: SQL | undefined): SQL<number> {
  return sql<number>`count(*) FILTER (WHERE ${where})::int`;
}

const URGENCY = { p1: 80, p2: 40, p3: 10, p4: 0 } as const;

/** How much a finding needs somebody now, with the reason in a few words. Pure. */
function scoreOf(finding: FindingLine, me: string, now: Date): { score: number; why: string } {
  const reasons: [number, string][] = [[URGENCY[finding.priority], finding.priorityWhy]];
  if (finding.news.includes("regression")) reasons.push([60, "it came back after it was resolved"]);
  else if (finding.news.length > 0) reasons.push([30, finding.news.join(", ")]);
  if (finding.dueAt !== null && finding.dueAt <= now) reasons.push([50, "it is overdue"]);
  if (finding.owner === me && me !== "") reasons.push([25, "it is yours"]);
  else if (finding.owner === null && finding.priority <= "p2") reasons.push([20, "nobody has taken it"]);
  const told = reasons.filter(([score]) => score > 0).sort(([a], [b]) => b - a);
  const score = told.reduce((sum, [each]) => sum + each, 0);
  return { score, why: told.slice(0, 3).map(([, why]) => why).join("; ") };
}
