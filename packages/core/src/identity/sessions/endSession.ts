import * as z from "zod";
import { NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { parsed, textShape } from "../parse.ts";
import { sha256 } from "../oneWay.ts";
import { deleteSession, sessionById, sessionBySecret } from "../store/sessions.ts";
import { actorOf } from "./actors.ts";

const shape = z.strictObject({ id: textShape });
const signOutShape = z.strictObject({ session: textShape });

/** Ends a session at once: one of one's own, or anybody's with `sessions.end`. @throws NotFound, Forbidden */
export async function endSession(ctx: DbCtx, input: z.input<typeof shape>): Promise<void> {
  const { id } = parsed(shape, input);
  await inTransaction(ctx, async (tx) => {
    const session = await sessionById(tx.db, id);
    const own = session !== undefined && tx.actor.kind === "user" && tx.actor.id === session.userId;
    const resource = { type: "Session", id };
    if (!own) await authorize(tx, "sessions.end", resource);
    if (!session || !(await deleteSession(tx.db, id))) throw new NotFound("There is no such session.", { hint: "It may have ended by itself." });
    await audit(tx, { action: "session.end", resource, detail: { user: session.userId } });
  });
}

/** Ends the session of this secret. Nothing happens when it has ended already. */
export async function signOut(ctx: DbCtx, input: z.input<typeof signOutShape>): Promise<void> {
  const { session: secret } = parsed(signOutShape, input);
  await inTransaction(ctx, async (tx) => {
    const found = await sessionBySecret(tx.db, sha256(secret));
    if (!found || !(await deleteSession(tx.db, found.session.id))) return;
    await audit({ ...tx, actor: actorOf(found.user) }, { action: "session.end", resource: { type: "Session", id: found.session.id } });
  });
}
