import type { Actor } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { sameText, sha256 } from "../oneWay.ts";
import { actorOf } from "../sessions/actors.ts";
import { touchToken, validToken } from "../store/tokens.ts";
import { scopesWithin } from "./grants.ts";
import { parseToken } from "./tokenText.ts";

/** Uses are noted at most this often. */
const TOUCH_MS = 60_000;

/**
 * Who a token is, with those of its scopes that its maker could give it now: none of them may be left. Null for what is no token, a wrong secret, and a token
 * that is expired, revoked, or made by somebody who is disabled now.
 * One query by primary key, and none at all for a text that cannot be a token; a use is noted at most once a minute.
 */
export async function tokenActor(ctx: DbCtx, text: string): Promise<Actor | null> {
  const claimed = parseToken(text);
  if (!claimed) return null;
  const found = await validToken(ctx.db, claimed.id, ctx.now());
  if (!found || !sameText(found.token.secretHash, sha256(claimed.secret))) return null;
  return used(ctx, found);
}

/** Who a token is that proves itself otherwise than by its secret; whoever asks must see to the proof, and lets `proven` be told of it. Null as above. */
export async function tokenById(ctx: DbCtx, id: string): Promise<{ actor: Actor; proven: () => Promise<void> } | null> {
  const found = /^[0-9a-f]{16}$/.test(id) ? await validToken(ctx.db, id, ctx.now()) : undefined;
  return found === undefined ? null : { actor: actorFrom(ctx, found), proven: async () => void (await used(ctx, found)) };
}

type Found = NonNullable<Awaited<ReturnType<typeof validToken>>>;

async function used(ctx: DbCtx, found: Found): Promise<Actor> {
  const { token } = found;
  const now = ctx.now();
  const due = new Date(now.getTime() - TOUCH_MS);
  if (token.lastUsedAt === null || token.lastUsedAt < due) await touchToken(ctx.db, token.id, now, due);
  return actorFrom(ctx, found);
}

function actorFrom(ctx: DbCtx, { token, maker }: Found): Actor {
  return { kind: "token", id: token.id, name: token.name, scopes: scopesWithin(ctx, actorOf(maker), token) };
}
