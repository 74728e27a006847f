import type { Actor, Resource } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { ACTIONS, type Action } from "../actions.ts";

type Person = Extract<Actor, { kind: "user" }>;

/** Decisions that are remembered; more than a company has makers of tokens, and lists of scopes. */
const MOST = 10_000;
/** What of each list of scopes its maker may give: of these policies, by maker and list. */
const decided = new WeakMap<DbCtx["allows"], Map<string, readonly string[]>>();

/**
 * What somebody must be allowed who gives a token this scope: whatever the policies let such a token do. Events may be handed in by tokens alone, so for those
 * it is to set sources up.
 */
export function neededFor({ allows }: Pick<DbCtx, "allows">, id: string, scope: string): { action: Action; resource: Resource }[] {
  const token: Actor = { kind: "token", id, name: "new", scopes: [scope] };
  const source = scope.startsWith("events:") ? scope.slice("events:".length) : "any";
  const resource = { type: "Source", id: source };
  return ACTIONS.filter((action) => allows(token, action, resource)).map((action) => ({ action: action === "events.write" ? "sources.write" : action, resource }));
}

/**
 * Those of a token's scopes that its maker could give it now. Asked at every use of a token, thousands of times a second; a decision takes the policies
 * milliseconds, and is remembered for each maker, roles and scopes. What is asked about belongs to no team, so teams need not be known.
 */
export function scopesWithin(ctx: Pick<DbCtx, "allows">, maker: Person, { id, scopes }: { id: string; scopes: readonly string[] }): readonly string[] {
  const known = decided.get(ctx.allows) ?? new Map<string, readonly string[]>();
  decided.set(ctx.allows, known);
  const key = JSON.stringify([maker.id, maker.roles, scopes]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const within = scopes.filter((scope) => neededFor(ctx, id, scope).every(({ action, resource }) => ctx.allows(maker, action, resource)));
  if (known.size >= MOST) known.clear();
  known.set(key, within);
  return within;
}
