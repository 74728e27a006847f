import * as z from "zod";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { pageOf, pageShape, placeOf, type Page } from "../../kernel/index.ts";
import { parsed, textShape } from "../parse.ts";
import { tokensBefore, type TokenRow } from "../store/tokens.ts";

/** A token in a list; its secret is not known to anybody. */
export type TokenSummary = Omit<TokenRow, "secretHash">;

/** Where a page ended: when the last token was made, and its id. */
const placeShape = z.tuple([z.iso.datetime(), textShape]);

/** All tokens, revoked and expired ones too, newest first. @throws Forbidden without `tokens.read`, Invalid */
export async function listTokens(ctx: DbCtx, page: z.input<typeof pageShape> = {}): Promise<Page<TokenSummary>> {
  const { limit, cursor } = parsed(pageShape, page);
  const place = placeOf(placeShape, cursor);
  const before = place && { createdAt: new Date(place[0]), id: place[1] };
  return inTransaction(ctx, async (tx) => {
    await authorize(tx, "tokens.read", { type: "Token", id: "all" });
    return pageOf(await tokensBefore(tx.db, before, limit + 1), limit, ({ createdAt, id }) => [createdAt.toISOString(), id], tokenSummary);
  });
}

/** What a list shows of a token. */
export function tokenSummary({ id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt }: TokenRow): TokenSummary {
  return { id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt };
}
