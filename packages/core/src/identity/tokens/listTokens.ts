import type { z } from "zod";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { pageOf, pageShape, placeOf, type Page } from "../../kernel/index.ts";
import { parsed, textShape } from "../parse.ts";
import { tokensAfter, type TokenRow } from "../store/tokens.ts";

/** A token in a list; its secret is not known to anybody. */
export type TokenSummary = Omit<TokenRow, "secretHash">;

/** All tokens, revoked and expired ones too. @throws Forbidden without `tokens.read`, Invalid */
export async function listTokens(ctx: DbCtx, page: z.input<typeof pageShape> = {}): Promise<Page<TokenSummary>> {
  const { limit, cursor } = parsed(pageShape, page);
  const after = placeOf(textShape, cursor);
  return inTransaction(ctx, async (tx) => {
    await authorize(tx, "tokens.read", { type: "Token", id: "all" });
    return pageOf(await tokensAfter(tx.db, after, limit + 1), limit, ({ id }) => id, summary);
  });
}

function summary({ id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt }: TokenRow): TokenSummary {
  return { id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt };
}
