import type { Actor, Resource } from "../../kernel/index.ts";
import { sources } from "../../sources/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { Action } from "../actions.ts";

/** Decisions that are remembered: more than a company has combinations of roles, teams and scopes. */
const MOST = 10_000;
const decided = new WeakMap<DbCtx["allows"], Map<string, boolean>>();

/**
 * Whether whoever asks may see addresses, names and e-mail addresses in this; who may not sees pseudonyms, and is not refused for it.
 * @param resource the lake, or any finding (`*`) of a team
 */
export function maySeePeople(ctx: Pick<DbCtx, "actor" | "allows">, resource: Resource): boolean {
  return remembered(ctx, "personal.read", resource);
}

/** The key of the pseudonyms that whoever asks sees in place of people; null where they may see people themselves. @throws Error where there is no key: nobody is shown for want of one */
export function hiddenWith(ctx: Pick<DbCtx, "actor" | "allows" | "pseudonyms">, resource: Resource): string | null {
  if (maySeePeople(ctx, resource)) return null;
  if (ctx.pseudonyms === undefined) throw new Error("Nothing can stand for people here: the context has no key of pseudonyms.");
  return ctx.pseudonyms;
}

/** The sources whose events whoever asks may read; null for all. */
export function readableSources(ctx: Pick<DbCtx, "actor" | "allows">): string[] | null {
  const readable = sources.filter(({ id }) => remembered(ctx, "events.read", { type: "Source", id }));
  return readable.length === sources.length ? null : readable.map(({ id }) => id);
}

/** What tells of events of all sources together, and is not for those who are given some alone. */
const OF_ALL_SOURCES: ReadonlySet<string> = new Set<Action>(["suppressions.read", "suppressions.write", "deadLetters.read", "deadLetters.replay", "notifications.read"]);

/** Whether somebody is given too few sources for this, whatever else they may. */
export function wantsAllSources(ctx: Pick<DbCtx, "actor" | "allows">, action: string): boolean {
  return OF_ALL_SOURCES.has(action) && readableSources(ctx) !== null;
}

/** A decision takes the policies up to a millisecond, and a list asks about every line. */
function remembered({ actor, allows }: Pick<DbCtx, "actor" | "allows">, action: string, resource: Resource): boolean {
  const known = decided.get(allows) ?? new Map<string, boolean>();
  decided.set(allows, known);
  const key = JSON.stringify([actor.kind, rightsOf(actor), action, resource]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const allowed = allows(actor, action, resource);
  if (known.size >= MOST) known.clear();
  known.set(key, allowed);
  return allowed;
}

function rightsOf(actor: Actor): unknown {
  if (actor.kind === "system") return actor.name;
  return [actor.id, actor.kind === "user" ? [actor.roles, actor.teams ?? []] : actor.scopes];
}
