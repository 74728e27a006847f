import { fileURLToPath } from "node:url";
import { generate } from "otplib";
import type { Actor, Role } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { TestDatabase } from "../../store/test/index.ts";
import { acceptInvitation, beginSetup, beginTotp, finishSetup, finishTotp, inviteUser, loadPolicies, SecretBox, sessionActor, VISITOR } from "../index.ts";

/** The policies of the product. */
export const policies = loadPolicies(fileURLToPath(new URL("../../../../../content/policies", import.meta.url)));

/** A long password that no list knows. */
export const PASSWORD = "plum orbit canvas 7 tango";

export const box = new SecretBox(Buffer.alloc(32, 7));

/** Somebody with these roles who need not exist as an account. */
export function userWith(...roles: Role[]): Actor {
  return { kind: "user", id: `made-up-${roles.join("-")}`, name: roles.join(" and ") || "nobody", roles };
}

/** A context before anybody has signed in. */
export function visitor(database: TestDatabase, address: string | null = "192.0.2.7"): DbCtx {
  return { ...database.ctx(VISITOR, policies), address };
}

/** Somebody with an account, an authenticator app and a session. */
export interface Member {
  id: string;
  email: string;
  session: string;
  totp: string;
  recoveryCodes: string[];
  actor: Actor;
  ctx: DbCtx;
}

/** The first administrator, by way of the setup. */
export async function firstAdmin(database: TestDatabase, email = "anna@example.com"): Promise<Member> {
  const { secret } = await beginSetup(database.ctx({ kind: "system", name: "start" }, policies));
  const { session } = await finishSetup(visitor(database), { secret, email, name: "Anna", password: PASSWORD });
  return withApp(database, email, session);
}

/** Somebody whom this administrator has invited. */
export async function invited(database: TestDatabase, by: Member, email: string, ...roles: Role[]): Promise<Member> {
  const { secret } = await inviteUser(by.ctx, { email, roles });
  const { session } = await acceptInvitation(visitor(database), { secret, name: email.split("@")[0]!, password: PASSWORD });
  return withApp(database, email, session);
}

async function withApp(database: TestDatabase, email: string, session: string): Promise<Member> {
  const { secret: totp } = await beginTotp(visitor(database), { session }, box);
  const { signedIn, recoveryCodes } = await finishTotp(visitor(database), { session, code: await codeOf(totp, database.at) }, box);
  const actor = (await sessionActor(visitor(database), signedIn!.session))!;
  return { id: signedIn!.user.id, email, session: signedIn!.session, totp, recoveryCodes: recoveryCodes!, actor, ctx: { ...database.ctx(actor, policies), address: "192.0.2.7" } };
}

/** What an authenticator app with this secret shows at this time. */
export function codeOf(secret: string, at: Date): Promise<string> {
  return generate({ secret, epoch: Math.floor(at.getTime() / 1_000) });
}

/** Lets the test's clock run on. */
export function pass(database: TestDatabase, seconds: number): void {
  database.at = new Date(database.at.getTime() + seconds * 1_000);
}
