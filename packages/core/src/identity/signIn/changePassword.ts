import * as z from "zod";
import { Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { parsed, textShape } from "../parse.ts";
import { hashPassword, passwordFits, passwordShape } from "../password.ts";
import { actorOf } from "../sessions/actors.ts";
import { freshFullSession } from "../sessions/readSession.ts";
import { deleteSessionsOf } from "../store/sessions.ts";
import { updateUser } from "../store/users.ts";
import { deleteFailure } from "../store/failures.ts";
import { beginAttempt } from "./attempt.ts";

const shape = z.strictObject({ session: textShape, current: passwordShape, password: passwordShape });

/**
 * Changes one's own password; all other sessions end. Wrong guesses at the current one count like wrong sign-ins.
 * Call it outside of a transaction: guesses must stay.
 * @throws Forbidden when the session has ended or is too old, or the current password is wrong; Invalid for a bad new one
 */
export async function changePassword(ctx: DbCtx, input: z.input<typeof shape>): Promise<void> {
  const { session: secret, current, password } = parsed(shape, input);
  const { session, user } = await freshFullSession(ctx, secret);
  const attempt = await beginAttempt(ctx, user.email);
  if (!(await passwordFits(user.passwordHash, current))) throw new Forbidden("The current password is wrong.");
  await deleteFailure(ctx.db, attempt.id);
  const passwordHash = await hashPassword(password);
  await inTransaction(ctx, async (tx) => {
    await updateUser(tx.db, user.id, { passwordHash });
    await deleteSessionsOf(tx.db, user.id, session.id);
    await audit({ ...tx, actor: actorOf(user) }, { action: "password.change", resource: { type: "User", id: user.id } });
  });
}
