import * as z from "zod";
import { Conflict, Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { emailShape, parsed, textShape } from "../parse.ts";
import { passwordFits, passwordShape } from "../password.ts";
import type { SecretBox } from "../keys/secretBox.ts";
import { VISITOR } from "../sessions/actors.ts";
import { openSession, type Proof, type SignedIn } from "../sessions/openSession.ts";
import { factorsOf } from "../store/factors.ts";
import { deleteFailure } from "../store/failures.ts";
import { lockedUser, userByEmail, type UserRow } from "../store/users.ts";
import { beginAttempt, forgiveAccount, type Attempt } from "./attempt.ts";
import { useRecoveryCode, useTotpCode } from "./codes.ts";

const shape = z.strictObject({
  email: emailShape,
  password: passwordShape,
  /** Of the authenticator app, or a recovery code. */
  code: z.string().trim().max(64).optional(),
  /** The session that the browser has now; it ends. */
  previous: textShape.optional(),
});

/** The password is right; ask for a code and call again with it, or let the person use a passkey. */
export interface CodeNeeded {
  stage: "code";
  /** What the person has; recovery codes always go. */
  factors: ("totp" | "passkey")[];
}

/**
 * Signs somebody in with e-mail address, password and a second factor. Who has no second factor yet gets a session that can only add one.
 * Unknown accounts, wrong passwords and wrong codes take the same work and give the same error; all of them count towards the delay
 * (`delay.ts`), and all outcomes are audited, a right password that waits for its code too. Call it outside of a transaction: failures must stay.
 * @throws Forbidden, Invalid, Conflict when the password changes meanwhile
 */
export async function signIn(ctx: DbCtx, input: z.input<typeof shape>, box: SecretBox): Promise<SignedIn | CodeNeeded> {
  const { email, password, code, previous } = parsed(shape, input);
  const attempt = await beginAttempt(ctx, email);
  const user = await userByEmail(ctx.db, email);
  const fits = await passwordFits(user?.passwordHash, password);
  if (!user || !fits || user.disabledAt !== null) throw await refused(ctx, user, "password");
  const { totp, passkeys } = await factorsOf(ctx.db, user.id);
  if (!totp && passkeys.length === 0) return succeed(ctx, attempt, user, (tx) => openSession(tx, user.id, "enrol", "password", previous));
  if (code === undefined) {
    await inTransaction(ctx, async (tx) => {
      await deleteFailure(tx.db, attempt.id);
      // Whoever guessed the password leaves a trace, though they come no further. Who it is, is not known yet.
      await audit({ ...tx, actor: VISITOR }, { action: "session.begin", resource: { type: "User", id: user.id }, detail: { by: "password", next: "asks for the second factor" } });
    });
    return { stage: "code", factors: [...(totp ? ["totp" as const] : []), ...(passkeys.length > 0 ? ["passkey" as const] : [])] };
  }
  const session = await succeed(ctx, attempt, user, async (tx) => {
    const proof = await proofBy(tx, user.id, code, box);
    return proof && openSession(tx, user.id, "full", proof, previous);
  });
  if (!session) throw await refused(ctx, user, "code");
  return session;
}

async function proofBy(ctx: DbCtx, userId: string, code: string, box: SecretBox): Promise<Proof | null> {
  if (await useTotpCode(ctx, userId, code, box, false)) return "totp";
  return (await useRecoveryCode(ctx, userId, code)) ? "recovery code" : null;
}

/** Opens the session and forgets the account's failures, if there is a session to open. */
async function succeed<T extends SignedIn | null>(ctx: DbCtx, attempt: Attempt, { id, passwordHash }: UserRow, open: (tx: DbCtx) => Promise<T>): Promise<T> {
  return inTransaction(ctx, async (tx) => {
    if ((await lockedUser(tx.db, id))?.passwordHash !== passwordHash) throw new Conflict("The password was changed at this moment.", { hint: "Sign in with the new one." });
    const session = await open(tx);
    if (session) await forgiveAccount(tx, attempt);
    return session;
  });
}

/** What was typed is not audited for unknown accounts: people type their password into the wrong field. */
async function refused(ctx: DbCtx, user: UserRow | undefined, wrong: "password" | "code"): Promise<Forbidden> {
  const detail = user?.disabledAt ? { wrong, disabled: true } : { wrong };
  await audit({ ...ctx, actor: VISITOR }, { action: "session.begin", resource: { type: "User", id: user?.id ?? "unknown" }, outcome: "failed", detail });
  return new Forbidden("The e-mail address, the password or the code is wrong.", { hint: "Check all of them. If you have lost your second factor, use a recovery code or ask an administrator." });
}
