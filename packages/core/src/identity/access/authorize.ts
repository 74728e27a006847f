import { Forbidden, type Resource } from "../../kernel/index.ts";
import { afterTransaction, type DbCtx } from "../../store/index.ts";
import type { Action } from "../actions.ts";
import { audit } from "./audit.ts";

/**
 * Goes on only if the policies allow it. A refusal is audited in a transaction of its own, which stays when the verb's is rolled back.
 * @throws Forbidden
 */
export async function authorize(ctx: DbCtx, action: Action, resource: Resource): Promise<void> {
  if (ctx.allows(ctx.actor, action, resource)) return;
  await afterTransaction(ctx, (outside) => audit(outside, { action, resource, outcome: "refused" }));
  throw new Forbidden(`You may not do this: it needs "${action}".`, { hint: "Ask an administrator for a role that may." });
}
