import { randomUUID } from "node:crypto";
import { audit, authorize } from "../identity/index.ts";
import { Invalid, NotFound } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { isSuppressed } from "./recordMatches.ts";
import * as store from "./store.ts";
import type { SuppressionRow } from "./store.ts";

/** What is to be hidden, why, and until when. At least one part of the scope is given; all that are must fit. */
export interface NewSuppression {
  reason: string;
  scope: { rule: string | null; entity: string | null; account: string | null };
  expiresAt: Date;
}

const LONGEST_MS = 366 * 86_400_000;

/**
 * Hides the findings of a scope, those that are there and those to come, until it expires.
 * @throws Forbidden; Invalid for an empty scope, or an end that is past or more than a year away
 */
export async function suppress(ctx: DbCtx, { reason, scope, expiresAt }: NewSuppression): Promise<SuppressionRow> {
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "suppressions.write", { type: "Suppression", id: "*" });
    const now = inside.now();
    if (scope.rule === null && scope.entity === null && scope.account === null) throw new Invalid("This would hide everything.", { hint: "Name a rule, an entity or an account." });
    if (expiresAt <= now || expiresAt.getTime() - now.getTime() > LONGEST_MS) throw new Invalid("A suppression ends within a year, and not before now.");
    const { actor } = inside;
    const row: SuppressionRow = { id: randomUUID(), reason, ...scope, expiresAt, createdAt: now, createdByKind: actor.kind, createdById: actor.kind === "system" ? "" : actor.id, createdByName: actor.name, hidden: 0, endedAt: null };
    await store.insertSuppression(inside.db, row);
    const fitting = (await store.candidatesFor(inside.db, scope)).filter((finding) => isSuppressed(row, finding));
    await mark(inside, fitting.map(({ id }) => id), row.id, `Hidden: ${reason}`);
    await audit(inside, { action: "suppressions.write", resource: { type: "Suppression", id: row.id }, detail: { scope, expiresAt: expiresAt.toISOString(), hidden: fitting.length } });
    return row;
  });
}

/** Ends a suppression; what it hid is shown again. @throws NotFound, Forbidden */
export async function endSuppression(ctx: DbCtx, id: string): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "suppressions.write", { type: "Suppression", id });
    if (!(await store.endSuppression(inside.db, id, inside.now()))) throw new NotFound("There is no such suppression.");
    await show(inside, [id]);
    await audit(inside, { action: "suppressions.write", resource: { type: "Suppression", id }, detail: { ended: true } });
  });
}

/** Suppressions that hold now. @throws Forbidden */
export async function listSuppressions(ctx: DbCtx): Promise<SuppressionRow[]> {
  await authorize(ctx, "suppressions.read", { type: "Suppression", id: "*" });
  return store.liveSuppressions(ctx.db, ctx.now());
}

/** Shows again what expired suppressions hid. For a schedule. */
export async function endExpiredSuppressions(ctx: DbCtx): Promise<void> {
  await inTransaction(ctx, async (inside) => show(inside, await store.expiredSuppressions(inside.db, inside.now())));
}

async function show(ctx: DbCtx, suppressions: readonly string[]): Promise<void> {
  await mark(ctx, await store.findingsHiddenBy(ctx.db, suppressions), null, "No longer hidden");
}

async function mark(ctx: DbCtx, ids: readonly string[], suppressedBy: string | null, text: string): Promise<void> {
  const at = ctx.now();
  await store.setSuppressed(ctx.db, ids, suppressedBy, at);
  await store.insertEvents(ctx.db, ids.map((finding) => ({ finding, at, actor: ctx.actor, kind: "suppressed", text, detail: { suppression: suppressedBy } })));
}
