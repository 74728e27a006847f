import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, lte, or, sql, type SQL } from "drizzle-orm";
import * as z from "zod";
import type { FindingFilter } from "@corduroy/contract";
import { authorize } from "../identity/index.ts";
import { pageOf, placeOf, type Page } from "../kernel/index.ts";
import { asSeen, askedAsSeen } from "./hiding.ts";
import { holds, type Db, type DbCtx } from "../store/index.ts";
import { mayRead, readable } from "./readable.ts";
import { ACTIVE, isActive, STATES, type State } from "./state.ts";
import type { FindingRow } from "./store.ts";
import { findings } from "./tables.ts";

/** What a list shows of a finding: all but its evidence. */
export type FindingLine = Omit<FindingRow, "evidence">;

const { evidence: _evidence, ...LINE } = getTableColumns(findings);
const PLACE = z.tuple([z.enum(["p1", "p2", "p3", "p4"]), z.coerce.date(), z.string()]);

/**
 * Findings that fit a filter, the most urgent first: by priority, then the latest match.
 * @throws Forbidden; Invalid for a cursor that is none
 */
export async function listFindings(ctx: DbCtx, filter: FindingFilter, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<FindingLine>> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  const place = placeOf(PLACE, cursor);
  const where = [...conditionsOf(ctx, filter), place && after(place)];
  return pageOf(await linesWhere(ctx.db, and(...where), limit + 1), limit, ({ priority, lastSeen, id }) => [priority, lastSeen, id], (line) => asSeen(ctx, line));
}

/** Lines of some findings, in the order of urgency. */
export function linesWhere(db: Db, where: SQL | undefined, limit: number): Promise<FindingLine[]> {
  return db.select(LINE).from(findings).where(where).orderBy(asc(findings.priority), desc(findings.lastSeen), asc(findings.id)).limit(limit);
}

/** A filter as SQL, with whatever whoever asks may not know of left out; `owner: "me"` means whoever asks. */
export function conditionsOf(ctx: DbCtx, filter: FindingFilter): (SQL | undefined)[] {
  const { state, due, level, priority, team, owner, rule, entity, label, suppressed, q } = filter;
  const me = ctx.actor.kind === "user" ? ctx.actor.id : "";
  const asked = askedAsSeen(ctx);
  return [
    readable(ctx),
    state === "all" ? undefined : inArray(findings.state, statesOf(state)),
    due && overdueAt(ctx.now()),
    level && eq(findings.level, level),
    priority && eq(findings.priority, priority),
    team === undefined ? undefined : team === "none" ? isNull(findings.team) : eq(findings.team, team),
    owner === undefined ? undefined : owner === "none" ? isNull(findings.owner) : eq(findings.owner, owner === "me" ? me : owner),
    rule === undefined ? undefined : eq(findings.ruleId, rule),
    entity === undefined ? undefined : sql`${asked.entityKey} = ${entity}`,
    label === undefined ? undefined : sql`${findings.labels} ? ${label}`,
    suppressed === "all" ? undefined : suppressed === "yes" ? isNotNull(findings.suppressedBy) : isNull(findings.suppressedBy),
    ...(q ?? "").split(/\s+/).filter((word) => word !== "").map((word) => holds(asked.title, word)),
  ];
}

/** The states that a filter's word stands for. */
export function statesOf(state: FindingFilter["state"]): State[] {
  if (state === "all") return [...STATES];
  if (state === "active") return [...ACTIVE];
  return STATES.filter((each) => (state === "closed" ? !isActive(each) : each === state));
}

/** What should have been closed by now, and is not. */
export function overdueAt(now: Date): SQL | undefined {
  return and(inArray(findings.state, [...ACTIVE]), lte(findings.dueAt, now));
}

function after([priority, seen, id]: z.output<typeof PLACE>): SQL | undefined {
  return or(sql`${findings.priority} > ${priority}`, and(eq(findings.priority, priority), or(lt(findings.lastSeen, seen), and(eq(findings.lastSeen, seen), sql`${findings.id} > ${id}`))));
}

/** Lines of these findings, as they are; `lineFor` makes of each what somebody may see. */
export function findingLines(db: Db, ids: readonly string[]): Promise<FindingLine[]> {
  return ids.length === 0 ? Promise.resolve([]) : linesWhere(db, inArray(findings.id, [...ids]), ids.length);
}

/** A line for whoever follows findings as they change; null where they may not know of it. */
export function lineFor(ctx: Pick<DbCtx, "actor" | "allows" | "pseudonyms">, line: FindingLine): FindingLine | null {
  return mayRead(ctx, line) ? asSeen(ctx, line) : null;
}
