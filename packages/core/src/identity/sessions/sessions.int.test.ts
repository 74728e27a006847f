import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { endSession, listAudit, listSessions, sessionActor, sessionHolder, signIn, signOut } from "../index.ts";
import { box, codeOf, firstAdmin, invited, pass, PASSWORD, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
let anna: Member;
let bert: Member;
const actor = (session: string) => sessionActor(visitor(database), session);
const again = async (who: Member, previous?: string): Promise<string> => {
  pass(database, 60);
  const result = await signIn(visitor(database), { email: who.email, password: PASSWORD, code: await codeOf(who.totp, database.at), ...(previous === undefined ? {} : { previous }) }, box);
  if (result.stage !== "full") throw new Error(`signed in to ${result.stage}`);
  return result.session;
};
beforeAll(async () => {
  anna = await firstAdmin(database);
  bert = await invited(database, anna, "bert@example.com", "viewer");
});

it("gives the person with their roles, to the right secret alone", async () => {
  expect(await actor(bert.session)).toEqual({ kind: "user", id: bert.id, name: "bert", roles: ["viewer"] });
  for (const secret of ["", "invented", bert.session.slice(1)]) expect(await actor(secret)).toBeNull();
});

it("gives the person with the teams of their mail address", async () => {
  const ctx = { ...visitor(database), teamsOf: (email: string) => (email === bert.email ? ["payments"] : []) };
  expect(await sessionActor(ctx, bert.session)).toMatchObject({ name: "bert", teams: ["payments"] });
  expect(await sessionActor(ctx, anna.session)).toMatchObject({ name: "Anna", teams: [] });
});

it("is given a new secret at every sign-in, and the one before ends", async () => {
  const second = await again(bert, bert.session);
  expect(second).not.toBe(bert.session);
  expect(await actor(bert.session)).toBeNull();
  expect(await actor(second)).not.toBeNull();
});

it("notes its use at most once a minute, and ends twelve hours after the last", async () => {
  const session = await again(bert);
  const begun = database.at;
  const seen = async () => (await listSessions(bert.ctx, { user: bert.id }))[0]?.lastSeenAt;
  pass(database, 59);
  await actor(session);
  expect(await seen()).toEqual(begun);
  pass(database, 2);
  await actor(session);
  expect(await seen()).toEqual(database.at);
  pass(database, 12 * 3_600 - 1);
  expect(await actor(session)).not.toBeNull();
  pass(database, 12 * 3_600);
  expect(await actor(session)).toBeNull();
  expect(await listSessions(bert.ctx, { user: bert.id })).toEqual([]);
});

it("ends while something asks on its behalf whether it goes on", async () => {
  const session = await again(bert);
  const asks = () => sessionHolder(visitor(database), session);
  for (let hour = 0; hour < 11; hour++) {
    pass(database, 3_600);
    expect(await asks()).toEqual({ kind: "user", id: bert.id, name: "bert", roles: ["viewer"] });
  }
  pass(database, 3_600);
  expect(await asks()).toBeNull();
});

it("goes on when the clock is set back, and ends when it would have ended", async () => {
  const session = await again(bert);
  const begun = database.at;
  pass(database, -86_400);
  expect(await actor(session)).not.toBeNull();
  // Its use then is not noted: that would end it too early once the clock is right again.
  expect((await listSessions(bert.ctx, { user: bert.id }))[0]?.lastSeenAt).toEqual(begun);
  pass(database, 86_400 + 12 * 3_600 - 1);
  expect(await actor(session)).not.toBeNull();
  pass(database, 12 * 3_600 + 1);
  expect(await actor(session)).toBeNull();
});

it("ends seven days after it began, however busy", async () => {
  const session = await again(bert);
  for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
    pass(database, 6 * 3_600);
    expect(await actor(session)).not.toBeNull();
  }
  pass(database, 6 * 3_600);
  expect(await actor(session)).toBeNull();
});

it("is listed and ended by its owner and by administrators, and by nobody else", async () => {
  const [one, two, ofAnna] = [await again(bert), await again(bert), await again(anna)];
  const mine = await listSessions(bert.ctx, { user: bert.id });
  expect(mine).toHaveLength(2);
  expect(JSON.stringify(mine)).not.toContain(one);
  const [hers] = await listSessions(anna.ctx, { user: anna.id });
  expect((await listSessions(anna.ctx, {})).map(({ id }) => id)).toEqual(expect.arrayContaining([hers!.id, ...mine.map(({ id }) => id)]));
  await expect(listSessions(bert.ctx, {})).rejects.toMatchObject({ name: "Forbidden" });
  await expect(listSessions(bert.ctx, { user: anna.id })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(endSession(bert.ctx, { id: hers!.id })).rejects.toMatchObject({ name: "Forbidden" });
  expect(await actor(ofAnna)).not.toBeNull();
  await endSession(bert.ctx, { id: mine[0]!.id });
  await endSession(anna.ctx, { id: mine[1]!.id });
  expect([await actor(one), await actor(two)]).toEqual([null, null]);
  await expect(endSession(anna.ctx, { id: mine[1]!.id })).rejects.toMatchObject({ name: "NotFound" });
  expect((await listAudit(anna.ctx, { resourceId: mine[1]!.id, action: "session.end" })).items).toMatchObject([{ actor: { id: anna.id }, detail: { user: bert.id } }]);
});

it("ends when its owner signs out, once and without fuss", async () => {
  const session = await again(bert);
  await signOut(visitor(database), { session });
  await signOut(visitor(database), { session });
  expect(await actor(session)).toBeNull();
});
