import { expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { acceptInvitation, beginSetup, beginTotp, disableUser, enableUser, finishSetup, finishTotp, inviteUser, listAudit, listUsers, sessionActor, setRoles, signIn } from "../index.ts";
import { box, codeOf, firstAdmin, invited, pass, PASSWORD, policies, userWith, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
const start = () => database.ctx({ kind: "system", name: "start" }, policies);
const person = (name: string) => ({ email: `${name}@example.com`, name, password: PASSWORD });
let admin: Member;

it("offers a link to the product alone", async () => {
  await expect(beginSetup(database.ctx(userWith("admin"), policies))).rejects.toMatchObject({ name: "Forbidden" });
  await expect(beginSetup(visitor(database))).rejects.toMatchObject({ name: "Forbidden" });
});

it("takes no invented, replaced or old link, and no weak password", async () => {
  const first = await beginSetup(start());
  const second = await beginSetup(start());
  for (const secret of ["invented", first.secret]) await expect(finishSetup(visitor(database), { secret, ...person("eve") })).rejects.toThrow("This link does not work");
  await expect(finishSetup(visitor(database), { secret: second.secret, ...person("eve"), password: "password1234" })).rejects.toMatchObject({ name: "Invalid" });
  await expect(finishSetup(visitor(database), { secret: second.secret, ...person("eve"), email: "no address" })).rejects.toThrow("email is not right");
  pass(database, 24 * 3_600);
  await expect(finishSetup(visitor(database), { secret: second.secret, ...person("eve") })).rejects.toThrow("This link does not work");
});

it("makes one administrator, however many finish at the same time", async () => {
  const { secret } = await beginSetup(start());
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => finishSetup(visitor(database), { secret, ...person(`racer${n}`) })));
  const done = results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  expect(done).toMatchObject([{ stage: "enrol" }]);
  expect(results.filter((each) => each.status === "rejected").map(({ reason }) => (reason as Error).name)).toEqual(Array.from({ length: 7 }, () => "Forbidden"));
  expect((await listUsers(database.ctx())).items).toMatchObject([{ roles: ["admin"] }]);
  expect((await listAudit(database.ctx(), { action: "setup.finish" })).items).toMatchObject([{ actor: { kind: "user", id: done[0]!.user.id }, detail: { roles: ["admin"] } }]);
});

it("is closed while there is an administrator, and open again when none is left", async () => {
  await expect(beginSetup(start())).rejects.toMatchObject({ name: "Conflict" });
  await database.db.execute("UPDATE users SET disabled_at = now()");
  admin = await firstAdmin(database);
  await expect(beginSetup(start())).rejects.toMatchObject({ name: "Conflict" });
});

it("ends a link that was not used when there is an administrator by another way", async () => {
  await database.db.execute("UPDATE users SET disabled_at = now()");
  const { secret } = await beginSetup(start());
  await database.db.execute(`UPDATE users SET disabled_at = NULL WHERE id = '${admin.id}'`);
  await expect(finishSetup(visitor(database), { secret, ...person("late") })).rejects.toThrow("There is an administrator already.");
});

it("invites by administrators alone, into the roles they chose", async () => {
  const dora = await invited(database, admin, "Dora@Example.com", "developer");
  expect(dora.actor).toMatchObject({ kind: "user", name: "Dora", roles: ["developer"] });
  await expect(inviteUser(dora.ctx, { email: "eve@example.com", roles: ["admin"] })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(inviteUser(start(), { email: "eve@example.com", roles: ["admin"] })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(inviteUser(admin.ctx, { email: "dora@example.com", roles: ["viewer"] })).rejects.toMatchObject({ name: "Conflict" });
  await expect(inviteUser(admin.ctx, { email: "eve@example.com", roles: [] })).rejects.toMatchObject({ name: "Invalid" });
});

it("lets an invitation be accepted once, by the newest link", async () => {
  const old = await inviteUser(admin.ctx, { email: "emil@example.com", roles: ["viewer", "viewer"] });
  const { secret } = await inviteUser(admin.ctx, { email: "emil@example.com", roles: ["auditor"] });
  const accept = (by: string) => acceptInvitation(visitor(database), { secret: by, name: "Emil", password: PASSWORD });
  await expect(accept(old.secret)).rejects.toThrow("This link does not work");
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => accept(secret)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(new Set(results.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : [])))).toEqual(new Set(["This link does not work, or no longer."]));
  await expect(finishSetup(visitor(database), { secret, ...person("emil") })).rejects.toThrow("This link does not work");
  expect((await listUsers(admin.ctx)).items.find(({ name }) => name === "Emil")).toMatchObject({ email: "emil@example.com", roles: ["auditor"] });
});

it("ends an invitation with the right of whoever made it, and not before", async () => {
  const mallory = await invited(database, admin, "mallory@example.com", "admin");
  const invite = async (name: string) => (await inviteUser(mallory.ctx, { email: `${name}@example.com`, roles: ["admin"] })).secret;
  const accept = (secret: string) => acceptInvitation(visitor(database), { secret, name: "Mallory", password: PASSWORD });
  const refused = (secret: string) => expect(accept(secret)).rejects.toThrow("This link does not work, or no longer.");
  const before = await invite("mallory1");
  await disableUser(admin.ctx, { user: mallory.id });
  await refused(before);
  // Neither comes back with the person.
  await enableUser(admin.ctx, { user: mallory.id });
  await refused(before);
  const demoted = await invite("mallory2");
  await setRoles(admin.ctx, { user: mallory.id, roles: ["auditor"] });
  await setRoles(admin.ctx, { user: mallory.id, roles: ["admin"] });
  await refused(demoted);
  const kept = await invite("mallory3");
  await setRoles(admin.ctx, { user: mallory.id, roles: ["admin", "viewer"] });
  expect(await accept(kept)).toMatchObject({ stage: "enrol" });
  // Whatever took the right away.
  for (const change of ["roles = '{viewer}'", "disabled_at = now()"]) {
    const left = await invite("mallory4");
    await database.db.execute(`UPDATE users SET ${change} WHERE id = '${mallory.id}'`);
    await refused(left);
    await database.db.execute(`UPDATE users SET roles = '{admin}', disabled_at = NULL WHERE id = '${mallory.id}'`);
  }
  const nobodys = await invite("mallory5");
  await database.db.execute("UPDATE one_time_links SET created_by = NULL");
  await refused(nobodys);
});

it("makes no account for who is locked out while the invitation is accepted", async () => {
  for (let round = 0; round < 5; round++) {
    const mallory = await invited(database, admin, `mallory-${round}@example.com`, "admin");
    const { secret } = await inviteUser(mallory.ctx, { email: `late-${round}@example.com`, roles: ["admin"] });
    const [accepted] = await Promise.allSettled([acceptInvitation(visitor(database), { secret, name: "Late", password: PASSWORD }), disableUser(admin.ctx, { user: mallory.id })]);
    // Whoever came first: the trail has it in one order, and a link that was taken later opens nothing.
    const [locked] = (await listAudit(admin.ctx, { action: "users.write", resourceId: mallory.id })).items;
    const [made] = (await listAudit(admin.ctx, { action: "invitation.accept" })).items.filter(({ detail }) => detail["email"] === `late-${round}@example.com`);
    expect(accepted.status === "fulfilled").toBe(made !== undefined && made.id < locked!.id);
  }
});

it("lets a session without a second factor add one and nothing else", async () => {
  const { secret } = await inviteUser(admin.ctx, { email: "finn@example.com", roles: ["responder"] });
  const { session } = await acceptInvitation(visitor(database), { secret, name: "Finn", password: PASSWORD });
  expect(await sessionActor(visitor(database), session)).toBeNull();
  const other = await signIn(visitor(database), { email: "finn@example.com", password: PASSWORD }, box);
  if (other.stage !== "enrol") throw new Error("expected a session that may only enrol");
  const app = await beginTotp(visitor(database), { session }, box);
  expect(app.uri).toContain("otpauth://totp/Corduroy:finn");
  await expect(finishTotp(visitor(database), { session, code: "000000" }, box)).rejects.toThrow("The code is wrong.");
  const { signedIn, recoveryCodes } = await finishTotp(visitor(database), { session, code: await codeOf(app.secret, database.at) }, box);
  expect(await sessionActor(visitor(database), signedIn!.session)).toMatchObject({ roles: ["responder"] });
  expect(new Set(recoveryCodes).size).toBe(10);
  for (const ended of [session, other.session]) await expect(beginTotp(visitor(database), { session: ended }, box)).rejects.toThrow("You are not signed in.");
  await expect(beginTotp(visitor(database), { session: signedIn!.session }, box)).rejects.toThrow("has an authenticator app already");
  await expect(disableUser(database.ctx({ kind: "user", id: signedIn!.user.id, name: "Finn", roles: ["responder"] }, policies), { user: admin.id })).rejects.toMatchObject({ name: "Forbidden" });
});

it("keeps neither passwords, links nor codes as they are", async () => {
  const tables = await database.pool.query<{ name: string }>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'");
  const rows = await Promise.all(tables.rows.map(async ({ name }) => JSON.stringify((await database.pool.query(`SELECT * FROM ${name}`)).rows)));
  const all = rows.join("\n");
  expect(all).toContain("anna@example.com");
  for (const secret of [PASSWORD, admin.session, admin.totp, ...admin.recoveryCodes, ...admin.recoveryCodes.map((code) => code.replaceAll("-", ""))]) expect(all).not.toContain(secret);
});
