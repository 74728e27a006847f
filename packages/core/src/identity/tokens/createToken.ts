import * as z from "zod";
import { Scope } from "@corduroy/contract";
import { Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { sha256 } from "../oneWay.ts";
import { nameShape, parsed } from "../parse.ts";
import { insertToken } from "../store/tokens.ts";
import { neededFor } from "./grants.ts";
import { tokenSummary, type TokenSummary } from "./listTokens.ts";
import { newTokenText, printToken } from "./tokenText.ts";

const DAY = 86_400_000;

const shape = z.strictObject({ name: nameShape, scopes: z.array(Scope).min(1).max(50), days: z.int().min(1).max(365) });

/** A token just made; `text` is told this once. */
export interface NewToken extends TokenSummary {
  text: string;
}

/**
 * Makes an API token. It may no more than its creator may, now and whenever it is used; events may be handed in by tokens alone, so for those the creator
 * must be allowed to set sources up.
 * @throws Forbidden without `tokens.write`, or when a scope allows what the creator may not; Invalid
 */
export async function createToken(ctx: DbCtx, input: z.input<typeof shape>): Promise<NewToken> {
  const { name, scopes, days } = parsed(shape, input);
  return inTransaction(ctx, async (tx) => {
    const { id, secret } = newTokenText();
    await authorize(tx, "tokens.write", { type: "Token", id });
    if (tx.actor.kind !== "user") throw new Forbidden("Only people make tokens.", { hint: "Sign in as an administrator." });
    const unique = [...new Set(scopes)];
    for (const scope of unique) for (const { action, resource } of neededFor(tx, id, scope)) await authorize(tx, action, resource);
    const createdAt = tx.now();
    const expiresAt = new Date(createdAt.getTime() + days * DAY);
    const token = { id, secretHash: sha256(secret), name, scopes: unique, createdBy: tx.actor.id, createdAt, expiresAt, lastUsedAt: null, revokedAt: null };
    await insertToken(tx.db, token);
    await audit(tx, { action: "tokens.write", resource: { type: "Token", id }, detail: { verb: "create", name, scopes: unique, expires: expiresAt } });
    return { ...tokenSummary(token), text: printToken({ id, secret }) };
  });
}
