import * as z from "zod";
import { generateRegistrationOptions, verifyRegistrationResponse, type PublicKeyCredentialCreationOptionsJSON, type RegistrationResponseJSON } from "@simplewebauthn/server";
import { Conflict, Forbidden, NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { sha256 } from "../oneWay.ts";
import { nameShape, parsed, textShape } from "../parse.ts";
import { actorOf } from "../sessions/actors.ts";
import { freshFullSession } from "../sessions/readSession.ts";
import { deletePasskey, factorsOf, insertChallenge, insertPasskey, takeChallenge } from "../store/factors.ts";
import { isOfProvider, lockedUser } from "../store/users.ts";
import { enrolled, enroller, type Enrolled } from "./enrol.ts";
import { ALGORITHMS, CHALLENGE_MS, credentialText, registrationShape, type Site } from "./webauthn.ts";

const beginShape = z.strictObject({ session: textShape });
const finishShape = z.strictObject({ session: textShape, name: nameShape, response: registrationShape });
const removeShape = z.strictObject({ session: textShape, id: credentialText });

/** What the browser needs to make a passkey (`navigator.credentials.create`). @throws Forbidden, Conflict */
export async function beginPasskey(ctx: DbCtx, input: z.input<typeof beginShape>, site: Site): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { session } = parsed(beginShape, input);
  return inTransaction(ctx, async (tx) => {
    const { user, passkeyIds } = await enroller(tx, session);
    const options = await generateRegistrationOptions({
      rpName: "Corduroy",
      rpID: site.domain,
      userName: user.email,
      userDisplayName: user.name,
      userID: new TextEncoder().encode(user.id),
      excludeCredentials: passkeyIds.map((id) => ({ id })),
      // It stands for both factors: the authenticator must know the account, and make sure of the person.
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      supportedAlgorithmIDs: ALGORITHMS,
      timeout: CHALLENGE_MS,
    });
    const now = tx.now();
    await insertChallenge(tx.db, { challengeHash: sha256(options.challenge), userId: user.id, expiresAt: new Date(now.getTime() + CHALLENGE_MS) }, now);
    return options;
  });
}

/** Adds the passkey that the browser has made. @throws Forbidden when it does not answer a challenge of ours, Conflict when it is known already, Invalid */
export async function finishPasskey(ctx: DbCtx, input: z.input<typeof finishShape>, site: Site): Promise<Enrolled> {
  const { session, name, response } = parsed(finishShape, input);
  return inTransaction(ctx, async (tx) => {
    const who = await enroller(tx, session);
    const now = tx.now();
    const verified = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: (challenge) => takeChallenge(tx.db, sha256(challenge), who.user.id, now),
      expectedOrigin: site.origin,
      expectedRPID: site.domain,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => null);
    if (!verified?.verified) throw new Forbidden("The passkey could not be added.", { hint: "Begin again, and answer within five minutes." });
    const { id, publicKey, counter } = verified.registrationInfo.credential;
    const kept = await insertPasskey(tx.db, {
      id, userId: who.user.id, name, publicKey: Buffer.from(publicKey).toString("base64url"), counter, transports: response.response.transports ?? [], createdAt: now, lastUsedAt: null,
    });
    if (!kept) throw new Conflict("This passkey is known already.");
    return enrolled(tx, who, "passkey");
  });
}

/** Takes one of one's own passkeys away; the last factor stays. @throws Forbidden, NotFound, Conflict */
export async function removePasskey(ctx: DbCtx, input: z.input<typeof removeShape>): Promise<void> {
  const { session, id } = parsed(removeShape, input);
  await inTransaction(ctx, async (tx) => {
    const { user } = await freshFullSession(tx, session);
    await lockedUser(tx.db, user.id);
    if (!(await deletePasskey(tx.db, user.id, id))) throw new NotFound("There is no such passkey.");
    const { totp, passkeys } = await factorsOf(tx.db, user.id);
    if (!isOfProvider(user) && !totp && passkeys.length === 0) throw new Conflict("This is your only second factor.", { hint: "Add another one first." });
    await audit({ ...tx, actor: actorOf(user) }, { action: "factor.remove", resource: { type: "User", id: user.id }, detail: { factor: "passkey" } });
  });
}
