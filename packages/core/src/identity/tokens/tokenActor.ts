import type { Actor } from "../../kernel/index.ts";
import type { Db } from "../../store/index.ts";
import { sameText, sha256 } from "../oneWay.ts";
import { touchToken, validToken } from "../store/tokens.ts";
import { parseToken } from "./tokenText.ts";

/** Uses are noted at most this often. */
const TOUCH_MS = 60_000;

/**
 * Who a token is; null for what is no token, a wrong secret, and a token that is expired, revoked, or made by somebody who is disabled now.
 * One query by primary key, and none at all for a text that cannot be a token; a use is noted at most once a minute.
 */
export async function tokenActor(db: Db, now: Date, text: string): Promise<Actor | null> {
  const claimed = parseToken(text);
  if (!claimed) return null;
  const token = await validToken(db, claimed.id, now);
  if (!token || !sameText(token.secretHash, sha256(claimed.secret))) return null;
  const due = new Date(now.getTime() - TOUCH_MS);
  if (token.lastUsedAt === null || token.lastUsedAt < due) await touchToken(db, token.id, now, due);
  return { kind: "token", id: token.id, name: token.name, scopes: token.scopes };
}
