import { and, eq, inArray, isNull, sql, type SQL } from "drizzle-orm";
import { authorize } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import { asSeen } from "./hiding.ts";
import { linesWhere, overdueAt, type FindingLine } from "./listFindings.ts";
import { readable } from "./readable.ts";
import { ACTIVE } from "./state.ts";
import * as store from "./store.ts";
import { storiesOf, storyText, tacticsOf, VALUES_OF_ONE, type Seen } from "./stories.ts";
import { findings } from "./tables.ts";

/** Something to decide: the finding to open, why it stands where it stands, and what the same decision settles, in order of time. */
export interface Item {
  finding: FindingLine;
  why: string;
  together: FindingLine[];
}

/** What needs a decision today. */
export interface Today {
  items: Item[];
  counts: { active: number; unowned: number; overdue: number; mine: number };
}

const NOTHING: Seen = { access_keys: [], resources: [], accounts: [] };
const SHOWN = 12;
const CANDIDATES = 200;

/**
 * What needs a decision today, and why it stands where it stands: what came back or brings news first, then what is urgent and unowned,
 * overdue, one's own; the rest waits. Findings that tell one story are one thing to decide, and the more tactics they cover the more urgent
 * it is: that is what a break-in looks like.
 */
export async function whatNeedsDecision(ctx: DbCtx): Promise<Today> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  const now = ctx.now();
  const me = ctx.actor.kind === "user" ? ctx.actor.id : "";
  const shown = and(inArray(findings.state, [...ACTIVE]), isNull(findings.suppressedBy), readable(ctx));
  const lines = (await linesWhere(ctx.db, shown, CANDIDATES)).map((line) => asSeen(ctx, line));
  const seenIn = await store.seenIn(ctx.db, lines.map(({ id }) => id), VALUES_OF_ONE + 1);
  const told = lines.map((finding) => ({ finding, seen: seenIn.get(finding.id) ?? NOTHING, ...scoreOf(finding, me, now) }));
  const items = storiesOf(told).map(itemOf).filter(({ score }) => score > 0);
  items.sort((a, b) => b.score - a.score || b.finding.lastSeen.getTime() - a.finding.lastSeen.getTime() || (a.finding.id < b.finding.id ? -1 : 1));
  const [counts] = await ctx.db
    .select({ active: sql<number>`count(*)::int`, unowned: count(isNull(findings.owner)), overdue: count(overdueAt(now)), mine: count(eq(findings.owner, me)) })
    .from(findings)
    .where(shown);
  return { items: items.slice(0, SHOWN).map(({ finding, why, together }) => ({ finding, why, together })), counts: counts! };
}

function count(where: SQL | undefined): SQL<number> {
  return sql<number>`count(*) FILTER (WHERE ${where})::int`;
}

interface Scored {
  finding: FindingLine;
  score: number;
  why: string;
}

/** What each further tactic of a story weighs: a break-in of four outweighs any single finding of its priority. */
const TACTIC = 15;

/** A story as one thing to decide; the finding that needs somebody most stands for it. */
function itemOf(story: readonly Scored[]): Item & { score: number } {
  const [lead] = [...story].sort((a, b) => b.score - a.score || b.finding.lastSeen.getTime() - a.finding.lastSeen.getTime());
  const { finding, score, why } = lead!;
  if (story.length === 1) return { finding, score, why, together: [] };
  const all = story.map((each) => each.finding);
  const spread = TACTIC * Math.max(0, tacticsOf(all).length - 1);
  return { finding, score: score === 0 ? 0 : score + spread, why: `${storyText(all)}; ${why}`, together: all.filter((each) => each !== finding) };
}

const URGENCY = { p1: 80, p2: 40, p3: 10, p4: 0 } as const;

/** How much a finding needs somebody now, with the reason in a few words. Pure. */
function scoreOf(finding: FindingLine, me: string, now: Date): { score: number; why: string } {
  const reasons: [number, string][] = [[URGENCY[finding.priority], `${finding.priority.toUpperCase()}: ${finding.priorityWhy}`]];
  if (finding.news.includes("regression")) reasons.push([60, "it came back after it was resolved"]);
  else if (finding.news.length > 0) reasons.push([30, finding.news.join(", ")]);
  if (finding.dueAt !== null && finding.dueAt <= now) reasons.push([50, "it is overdue"]);
  if (finding.owner === me && me !== "") reasons.push([25, "it is yours"]);
  else if (finding.owner === null && finding.priority <= "p2") reasons.push([20, "nobody has taken it"]);
  const told = reasons.filter(([score]) => score > 0).sort(([a], [b]) => b - a);
  const score = told.reduce((sum, [each]) => sum + each, 0);
  return { score, why: told.slice(0, 3).map(([, why]) => why).join("; ") };
}
