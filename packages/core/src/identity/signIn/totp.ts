import * as z from "zod";
import { Conflict, Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { parsed, textShape } from "../parse.ts";
import type { SecretBox } from "../keys/secretBox.ts";
import { putTotp } from "../store/factors.ts";
import { newTotpSecret, totpBelongsTo, useTotpCode } from "./codes.ts";
import { enrolled, enroller, type Enrolled } from "./enrol.ts";

const beginShape = z.strictObject({ session: textShape });
const finishShape = z.strictObject({ session: textShape, code: z.string().trim().max(64) });

/**
 * A secret for the person's authenticator app, and the address for its QR code. Counts as a factor after `finishTotp`; asking again makes another.
 * @throws Forbidden, Conflict when the account has an app already
 */
export async function beginTotp(ctx: DbCtx, input: z.input<typeof beginShape>, box: SecretBox): Promise<{ secret: string; uri: string }> {
  const { session } = parsed(beginShape, input);
  return inTransaction(ctx, async (tx) => {
    const { user } = await enroller(tx, session);
    const fresh = newTotpSecret(user.email);
    if (!(await putTotp(tx.db, user.id, box.seal(fresh.secret, totpBelongsTo(user.id))))) throw new Conflict("This account has an authenticator app already.", { hint: "Add a passkey, or ask an administrator to reset your second factors." });
    return fresh;
  });
}

/**
 * Adds the app whose code proves that it has the secret. That code cannot be used again to sign in.
 * @throws Forbidden for a wrong code. Guesses are not counted: whoever has this session can see the secret
 */
export async function finishTotp(ctx: DbCtx, input: z.input<typeof finishShape>, box: SecretBox): Promise<Enrolled> {
  const { session, code } = parsed(finishShape, input);
  return inTransaction(ctx, async (tx) => {
    const who = await enroller(tx, session);
    if (!(await useTotpCode(tx, who.user.id, code, box, true))) throw new Forbidden("The code is wrong.", { hint: "Type the one that the app shows now. If it goes on, check the clock of the phone." });
    return enrolled(tx, who, "totp");
  });
}
