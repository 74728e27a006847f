import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { createToken, disableUser, enableUser, listAudit, listUsers, resetFactors, sessionActor, setRoles, signIn, tokenActor } from "../index.ts";
import { insertUser } from "../store/users.ts";
import { box, firstAdmin, invited, PASSWORD, policies, userWith, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
let anna: Member;
let bert: Member;
beforeAll(async () => {
  anna = await firstAdmin(database);
  bert = await invited(database, anna, "bert@example.com", "admin");
});

it("is for administrators", async () => {
  for (const role of ["viewer", "developer", "responder", "auditor"] as const) {
    const ctx = database.ctx(userWith(role), policies);
    await expect(setRoles(ctx, { user: anna.id, roles: ["viewer"] })).rejects.toMatchObject({ name: "Forbidden" });
    await expect(resetFactors(ctx, { user: anna.id })).rejects.toMatchObject({ name: "Forbidden" });
  }
  await expect(disableUser(database.ctx({ kind: "system", name: "job" }, policies), { user: anna.id })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(enableUser(anna.ctx, { user: "nobody" })).rejects.toMatchObject({ name: "NotFound" });
});

it("takes effect in the sessions there are", async () => {
  const cleo = await invited(database, anna, "cleo@example.com", "viewer");
  await setRoles(anna.ctx, { user: cleo.id, roles: ["responder", "auditor"] });
  expect(await sessionActor(visitor(database), cleo.session)).toMatchObject({ roles: ["responder", "auditor"] });
  expect((await listAudit(anna.ctx, { resourceId: cleo.id, action: "users.write" })).items).toMatchObject([{ actor: { id: anna.id }, detail: { verb: "set roles", before: ["viewer"], after: ["responder", "auditor"] } }]);
});

it("gives somebody no role at all where groups may give them, and there alone", async () => {
  const user = { email: "otto@example.com", name: "Otto", passwordHash: null, roles: ["admin" as const], mappedRoles: ["developer" as const], createdAt: database.at };
  await insertUser(database.db, { id: "otto", ...user });
  await setRoles(anna.ctx, { user: "otto", roles: [] });
  const otto = async () => (await listUsers(anna.ctx)).items.find(({ id }) => id === "otto");
  expect(await otto()).toMatchObject({ roles: [], mappedRoles: ["developer"], singleSignOn: true });
  await setRoles(anna.ctx, { user: "otto", roles: ["viewer"] });
  expect(await otto()).toMatchObject({ roles: ["viewer"], mappedRoles: ["developer"] });
  await expect(setRoles(anna.ctx, { user: bert.id, roles: [] })).rejects.toMatchObject({ name: "Invalid", message: "This person has no groups, and would have no role at all." });
  expect((await listUsers(anna.ctx)).items.find(({ id }) => id === bert.id)).toMatchObject({ roles: ["admin"], singleSignOn: false });
  await database.db.execute("DELETE FROM users WHERE id = 'otto'");
});

it("shuts out at once whoever is disabled: sessions, tokens, sign-in", async () => {
  const dirk = await invited(database, anna, "dirk@example.com", "admin");
  const token = await createToken(dirk.ctx, { name: "shipper", scopes: ["events:*"], days: 30 });
  expect(await tokenActor(visitor(database), token.text)).toMatchObject({ kind: "token", scopes: ["events:*"] });
  await disableUser(anna.ctx, { user: dirk.id });
  expect(await sessionActor(visitor(database), dirk.session)).toBeNull();
  expect(await tokenActor(visitor(database), token.text)).toBeNull();
  await expect(signIn(visitor(database), { email: dirk.email, password: PASSWORD }, box)).rejects.toThrow("is wrong");
  await enableUser(anna.ctx, { user: dirk.id });
  expect(await tokenActor(visitor(database), token.text)).toBeNull();
  expect(await sessionActor(visitor(database), dirk.session)).toBeNull();
  expect(await signIn(visitor(database), { email: dirk.email, password: PASSWORD }, box)).toMatchObject({ stage: "code" });
  await disableUser(anna.ctx, { user: dirk.id });
});

it("takes the second factors away from somebody who has lost them", async () => {
  const emma = await invited(database, anna, "emma@example.com", "viewer");
  await resetFactors(anna.ctx, { user: emma.id });
  expect(await sessionActor(visitor(database), emma.session)).toBeNull();
  expect(await signIn(visitor(database), { email: emma.email, password: PASSWORD }, box)).toMatchObject({ stage: "enrol" });
});

it("keeps one administrator, also when two take each other's role, or their own, at the same time", async () => {
  for (let round = 0; round < 5; round++) {
    const results = await Promise.allSettled([setRoles(anna.ctx, { user: bert.id, roles: ["viewer"] }), setRoles(bert.ctx, { user: anna.id, roles: ["viewer"] }), disableUser(anna.ctx, { user: anna.id }), disableUser(bert.ctx, { user: bert.id })]);
    const admins = (await listUsers(database.ctx())).items.filter(({ roles, disabledAt }) => roles.includes("admin") && disabledAt === null);
    expect(admins).toHaveLength(1);
    expect(results.some((each) => each.status === "rejected" && (each.reason as Error).message === "This is the last administrator.")).toBe(true);
    for (const { id } of [anna, bert]) await database.db.execute(`UPDATE users SET roles = '{admin}', disabled_at = NULL WHERE id = '${id}'`);
  }
});

it("lists everybody once, page by page, without what is secret", async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers(anna.ctx, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    expect(Object.keys(page.items[0]!).sort()).toEqual(["createdAt", "disabledAt", "email", "id", "mappedRoles", "name", "roles", "singleSignOn"]);
    seen.push(...page.items.map(({ email }) => email));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(["anna", "bert", "cleo", "dirk", "emma"].map((name) => `${name}@example.com`));
  await expect(listUsers(database.ctx(userWith("responder"), policies))).rejects.toMatchObject({ name: "Forbidden" });
});
