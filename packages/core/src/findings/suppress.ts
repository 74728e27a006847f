import { randomUUID } from "node:crypto";
import { audit, authorize } from "../identity/index.ts";
import { Invalid, NotFound } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { entityAsSeen } from "./hiding.ts";
import { isSuppressed } from "./recordMatches.ts";
import * as store from "./store.ts";
import type { FindingRow, SuppressionRow } from "./store.ts";

/** What is to be hidden, why, and until when. At least one part of the scope is given; all that are must fit. */
export interface NewSuppression {
  reason: string;
  scope: { rule: string | null; entity: string | null; account: string | null };
  expiresAt: Date;
}

/** What a suppression did to findings when it began or ended. */
export interface Uncovered {
  /** All that are not what they were, for whoever looks at them. */
  changed: string[];
  /** Those that nothing hides any more: somebody may have to be told of them. */
  shown: FindingRow[];
}

const LONGEST_MS = 366 * 86_400_000;
const MOST_PAST = 500;

/**
 * Hides the active findings of a scope, those that are there and those to come, until it expires.
 * @returns the suppression, and the findings that it hides now
 * @throws Forbidden; Invalid for an empty scope, or an end that is past or more than a year away
 */
export async function suppress(ctx: DbCtx, { reason, scope, expiresAt }: NewSuppression): Promise<{ suppression: SuppressionRow; hidden: string[] }> {
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "suppressions.write", { type: "Suppression", id: "*" });
    // How many findings it hides would tell whether a guess is right.
    if (scope.entity !== null) await authorize(inside, "personal.read", { type: "Finding", id: "*" });
    const now = inside.now();
    if (scope.rule === null && scope.entity === null && scope.account === null) throw new Invalid("This would hide everything.", { hint: "Name a rule, an entity or an account." });
    if (expiresAt <= now || expiresAt.getTime() - now.getTime() > LONGEST_MS) throw new Invalid("A suppression ends within a year, and not before now.");
    const { actor } = inside;
    const suppression: SuppressionRow = { id: randomUUID(), reason, ...scope, expiresAt, createdAt: now, createdByKind: actor.kind, createdById: actor.kind === "system" ? "" : actor.id, createdByName: actor.name, hidden: 0, endedAt: null };
    await store.insertSuppression(inside.db, suppression);
    const hidden = (await store.findingsInScope(inside.db, scope)).filter(({ suppressedBy }) => suppressedBy === null).map(({ id }) => id);
    await mark(inside, hidden, suppression.id, `Hidden: ${reason}`);
    await audit(inside, { action: "suppressions.write", resource: { type: "Suppression", id: suppression.id }, detail: { scope, reason, expiresAt: expiresAt.toISOString(), hidden: hidden.length } });
    return { suppression, hidden };
  });
}

/** Ends a suppression; what it hid is shown again, unless another one hides it. @throws NotFound, Forbidden */
export async function endSuppression(ctx: DbCtx, id: string): Promise<Uncovered> {
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "suppressions.write", { type: "Suppression", id });
    if (!(await store.endSuppression(inside.db, id, inside.now()))) throw new NotFound("There is no such suppression.");
    const uncovered = await uncover(inside, [id]);
    await audit(inside, { action: "suppressions.write", resource: { type: "Suppression", id }, detail: { ended: true, shown: uncovered.shown.length } });
    return uncovered;
  });
}

/** Suppressions that hold now, or the last of those that have ended or expired. @throws Forbidden */
export async function listSuppressions(ctx: DbCtx, which: "live" | "past"): Promise<SuppressionRow[]> {
  await authorize(ctx, "suppressions.read", { type: "Suppression", id: "*" });
  const rows = await (which === "live" ? store.liveSuppressions(ctx.db, ctx.now()) : store.pastSuppressions(ctx.db, ctx.now(), MOST_PAST));
  return rows.map((row) => (row.entity === null ? row : { ...row, entity: entityAsSeen(ctx, row.entity) }));
}

/** Shows again what expired suppressions hid, unless another one hides it. For a schedule. */
export async function endExpiredSuppressions(ctx: DbCtx): Promise<Uncovered> {
  return inTransaction(ctx, async (inside) => uncover(inside, await store.endExpired(inside.db, inside.now())));
}

/** Hides those of these findings that a suppression fits which holds. @returns the others */
export async function hideFitting(ctx: DbCtx, rows: readonly FindingRow[]): Promise<FindingRow[]> {
  const live = await store.liveSuppressions(ctx.db, ctx.now());
  const hidden = new Map(live.map((each) => [each, [] as string[]]));
  const left = rows.filter((row) => {
    const by = live.find((each) => isSuppressed(each, row));
    if (by) hidden.get(by)!.push(row.id);
    return by === undefined;
  });
  for (const [{ id, reason }, ids] of hidden) await mark(ctx, ids, id, `Hidden: ${reason}`);
  return left;
}

async function uncover(ctx: DbCtx, ended: readonly string[]): Promise<Uncovered> {
  // Held first, then what holds is read: a suppression that is made meanwhile waits for these rows, or is seen here.
  const rows = await store.findingsHiddenBy(ctx.db, ended);
  const shown = await hideFitting(ctx, rows);
  await mark(ctx, shown.map(({ id }) => id), null, "No longer hidden");
  return { changed: rows.map(({ id }) => id), shown: shown.map((row) => ({ ...row, suppressedBy: null })) };
}

async function mark(ctx: DbCtx, ids: readonly string[], suppressedBy: string | null, text: string): Promise<void> {
  const at = ctx.now();
  await store.setSuppressed(ctx.db, ids, suppressedBy, at);
  await store.insertEvents(ctx.db, ids.map((finding) => ({ finding, at, actor: ctx.actor, kind: "suppressed", text, detail: { suppression: suppressedBy } })));
}
