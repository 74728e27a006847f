import { randomUUID } from "node:crypto";
import { and, asc, count, eq, or } from "drizzle-orm";
import type { FindingFilter } from "@corduroy/contract";
import { audit, authorize, readableSources } from "../identity/index.ts";
import { Conflict, NotFound } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { entityAsSeen } from "./hiding.ts";
import { savedViews } from "./tables.ts";

/** A filter that somebody has kept. */
export interface SavedView {
  id: string;
  name: string;
  filter: Record<string, unknown>;
  shared: boolean;
  mine: boolean;
}

const MOST = 50;
const ownerOf = ({ actor }: DbCtx): string => (actor.kind === "system" ? "" : actor.id);

/** One's own filters, and those that others share; not those of others that name an entity, for who is given some sources alone: it may be of another one. @throws Forbidden */
export async function listViews(ctx: DbCtx): Promise<SavedView[]> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  const me = ownerOf(ctx);
  const rows = await ctx.db.select().from(savedViews).where(or(eq(savedViews.owner, me), eq(savedViews.shared, true))).orderBy(asc(savedViews.name), asc(savedViews.id));
  const namesOther = ({ owner, filter }: (typeof rows)[number]): boolean => typeof filter["entity"] === "string" && owner !== me;
  const shown = readableSources(ctx) === null ? rows : rows.filter((row) => !namesOther(row));
  return shown.map(({ owner, filter, ...view }) => ({ ...view, filter: typeof filter["entity"] === "string" && owner !== me ? { ...filter, entity: entityAsSeen(ctx, filter["entity"]) } : filter, mine: owner === me }));
}

/** Keeps a filter. @throws Forbidden, Conflict when somebody keeps too many */
export async function saveView(ctx: DbCtx, { name, filter, shared }: { name: string; filter: FindingFilter; shared: boolean }): Promise<SavedView> {
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "views.write", { type: "View", id: "*" });
    const owner = ownerOf(inside);
    const [kept] = await inside.db.select({ count: count() }).from(savedViews).where(eq(savedViews.owner, owner));
    if (kept!.count >= MOST) throw new Conflict(`You keep ${MOST} filters already.`, { hint: "Remove one that you do not use." });
    const view = { id: randomUUID(), name, filter: { ...filter }, shared };
    await inside.db.insert(savedViews).values({ ...view, owner });
    await audit(inside, { action: "views.write", resource: { type: "View", id: view.id }, detail: { name, shared } });
    return { ...view, mine: true };
  });
}

/** Removes a filter of one's own. @throws NotFound, Forbidden */
export async function removeView(ctx: DbCtx, id: string): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "views.write", { type: "View", id });
    const gone = await inside.db.delete(savedViews).where(and(eq(savedViews.id, id), eq(savedViews.owner, ownerOf(inside)))).returning({ id: savedViews.id });
    if (gone.length === 0) throw new NotFound("You have no such filter.");
    await audit(inside, { action: "views.write", resource: { type: "View", id }, detail: { removed: true } });
  });
}
