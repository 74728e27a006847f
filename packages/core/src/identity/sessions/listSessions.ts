import * as z from "zod";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { parsed, textShape } from "../parse.ts";
import { sessionsOf, type SessionRow } from "../store/sessions.ts";
import { IDLE_MS, isAlive, SESSION_MS } from "./lifetime.ts";

const shape = z.strictObject({ user: textShape.optional() });
/** More than a company has. */
const MOST = 1_000;

/** A session in a list. */
export type SessionSummary = Pick<SessionRow, "id" | "userId" | "stage" | "address" | "createdAt" | "lastSeenAt">;

/** The sessions of a user that are alive, or of everybody where none is named, newest first: one's own, or anybody's with `sessions.read`. @throws Forbidden */
export async function listSessions(ctx: DbCtx, input: z.input<typeof shape>): Promise<SessionSummary[]> {
  const { user } = parsed(shape, input);
  return inTransaction(ctx, async (tx) => {
    if (tx.actor.kind !== "user" || tx.actor.id !== user) await authorize(tx, "sessions.read", { type: "User", id: user ?? "*" });
    const now = tx.now();
    const rows = await sessionsOf(tx.db, user, new Date(now.getTime() - SESSION_MS), new Date(now.getTime() - IDLE_MS), MOST);
    return rows
      .filter((row) => isAlive(row, now))
      .map(({ id, userId, stage, address, createdAt, lastSeenAt }) => ({ id, userId, stage, address, createdAt, lastSeenAt }));
  });
}
