import { randomUUID } from "node:crypto";
import * as z from "zod";
import { Conflict, Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { newSecret, sha256 } from "../oneWay.ts";
import { emailShape, nameShape, parsed, textShape } from "../parse.ts";
import { hashPassword, passwordShape } from "../password.ts";
import { openSession, type SignedIn } from "../sessions/openSession.ts";
import { insertUser, linkOf, lockAdmins, otherAdminExists, putLink, takeLink, userByEmail } from "../store/users.ts";
import { LINK_MS, linkIsOver, type OneTimeLink } from "./links.ts";

const shape = z.strictObject({ secret: textShape, email: emailShape, name: nameShape, password: passwordShape });

/**
 * Makes the link by which the first administrator comes in; an older one ends. For the product's own start and for whoever has the machine:
 * the secret must be shown where only they can read it.
 * @throws Forbidden for people and tokens, Conflict when there is an administrator
 */
export async function beginSetup(ctx: DbCtx): Promise<OneTimeLink> {
  return inTransaction(ctx, async (tx) => {
    if (tx.actor.kind !== "system") throw new Forbidden("Only the product itself can begin the setup.", { hint: "Use the link that it showed when it was started." });
    await lockAdmins(tx.db);
    if (await otherAdminExists(tx.db, null)) throw new Conflict("There is an administrator already.", { hint: "Ask for an invitation." });
    const secret = newSecret();
    const createdAt = tx.now();
    const expiresAt = new Date(createdAt.getTime() + LINK_MS);
    await putLink(tx.db, { secretHash: sha256(secret), kind: "setup", email: "", roles: ["admin"], createdBy: null, createdAt, expiresAt });
    await audit(tx, { action: "setup.begin", resource: { type: "Setup", id: "first-admin" }, detail: { expires: expiresAt } });
    return { secret, expiresAt };
  });
}

/**
 * Makes the first administrator, who goes on to add a second factor. Happens once, however many try at the same time.
 * @throws Forbidden for a link that is used, replaced or older than 24 hours; Conflict when there is an administrator, or the address is taken; Invalid
 */
export async function finishSetup(ctx: DbCtx, input: z.input<typeof shape>): Promise<SignedIn> {
  const { secret, email, name, password } = parsed(shape, input);
  // Hashing is work; it is done for those who have the link alone.
  const link = await linkOf(ctx.db, "setup", sha256(secret));
  if (!link || link.expiresAt <= ctx.now()) throw linkIsOver();
  const passwordHash = await hashPassword(password);
  return inTransaction(ctx, async (tx) => {
    await lockAdmins(tx.db);
    const taken = await takeLink(tx.db, "setup", sha256(secret));
    if (!taken) throw linkIsOver();
    if (await otherAdminExists(tx.db, null)) throw new Conflict("There is an administrator already.", { hint: "Ask for an invitation." });
    if (await userByEmail(tx.db, email)) throw new Conflict("There is an account with this e-mail address.", { hint: "Use another one." });
    const id = randomUUID();
    await insertUser(tx.db, { id, email, name, passwordHash, roles: taken.roles, createdAt: tx.now() });
    await audit({ ...tx, actor: { kind: "user", id, name, roles: taken.roles } }, { action: "setup.finish", resource: { type: "User", id }, detail: { email, roles: taken.roles } });
    return openSession(tx, id, "enrol", "setup");
  });
}
