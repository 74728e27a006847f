import { Forbidden, type Resource } from "../../kernel/index.ts";
import { afterTransaction, type DbCtx } from "../../store/index.ts";
import type { Action } from "../actions.ts";
import { wantsAllSources } from "./sight.ts";
import { audit } from "./audit.ts";

/**
 * Goes on only if the policies allow it. A refusal is audited in a transaction of its own, which stays when the verb's is rolled back.
 * @throws Forbidden
 */
export async function authorize(ctx: DbCtx, action: Action, resource: Resource): Promise<void> {
  const allowed = ctx.allows(ctx.actor, action, resource);
  if (allowed && !wantsAllSources(ctx, action)) return;
  await afterTransaction(ctx, (outside) => audit(outside, { action, resource, outcome: "refused" }));
  if (allowed) throw new Forbidden("You may not do this: it tells of all sources, and you are given some.", { hint: "Ask the sources that you are given with SQL." });
  throw new Forbidden(`You may not do this: it needs "${action}".`, { hint: "Ask an administrator for a role that may." });
}
