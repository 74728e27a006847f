import { z } from "zod";
import { Scope } from "@corduroy/contract";
import { Forbidden, type Actor } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { ACTIONS } from "../actions.ts";
import { sha256 } from "../oneWay.ts";
import { nameShape, parsed } from "../parse.ts";
import { insertToken } from "../store/tokens.ts";
import { newTokenText, printToken } from "./tokenText.ts";

const DAY = 86_400_000;

const shape = z.strictObject({ name: nameShape, scopes: z.array(Scope).min(1).max(50), days: z.int().min(1).max(365) });

/** A token just made; `text` is told this once. */
export interface NewToken {
  id: string;
  text: string;
  scopes: string[];
  expiresAt: Date;
}

/**
 * Makes an API token. It may no more than its creator may at this moment; events may be handed in by tokens alone, so for those the creator must
 * be allowed to set sources up.
 * @throws Forbidden without `tokens.write`, or when a scope allows what the creator may not; Invalid
 */
export async function createToken(ctx: DbCtx, input: z.input<typeof shape>): Promise<NewToken> {
  const { name, scopes, days } = parsed(shape, input);
  return inTransaction(ctx, async (tx) => {
    const { id, secret } = newTokenText();
    await authorize(tx, "tokens.write", { type: "Token", id });
    if (tx.actor.kind !== "user") throw new Forbidden("Only people make tokens.", { hint: "Sign in as an administrator." });
    const unique = [...new Set(scopes)];
    for (const scope of unique) await authorizeScope(tx, id, scope);
    const createdAt = tx.now();
    const expiresAt = new Date(createdAt.getTime() + days * DAY);
    await insertToken(tx.db, { id, secretHash: sha256(secret), name, scopes: unique, createdBy: tx.actor.id, createdAt, expiresAt });
    await audit(tx, { action: "tokens.write", resource: { type: "Token", id }, detail: { verb: "create", name, scopes: unique, expires: expiresAt } });
    return { id, text: printToken({ id, secret }), scopes: unique, expiresAt };
  });
}

/** Whatever the policies let such a token do, its creator must be let do too. */
async function authorizeScope(ctx: DbCtx, id: string, scope: string): Promise<void> {
  const token: Actor = { kind: "token", id, name: "new", scopes: [scope] };
  const source = scope.startsWith("events:") ? scope.slice("events:".length) : "any";
  const resource = { type: "Source", id: source };
  for (const action of ACTIONS) if (ctx.allows(token, action, resource)) await authorize(ctx, action === "events.write" ? "sources.write" : action, resource);
}
