import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { acceptInvitation, beginPasskey, beginPasskeySignIn, disableUser, finishPasskey, finishPasskeySignIn, inviteUser, listAudit, removePasskey, sessionActor, signIn } from "../index.ts";
import { Authenticator, type Answering } from "../test/authenticator.ts";
import { box, firstAdmin, invited, pass, PASSWORD, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
const SITE = { domain: "corduroy.example.com", origin: "https://corduroy.example.com" };
let anna: Member;
beforeAll(async () => {
  anna = await firstAdmin(database);
});

const add = async (session: string, key: Authenticator, bent: Partial<Answering> = {}) => {
  const options = await beginPasskey(visitor(database), { session }, SITE);
  return finishPasskey(visitor(database), { session, name: "laptop", response: key.create(options, { ...SITE, ...bent }) }, SITE);
};
const enter = async (key: Authenticator, bent: Partial<Answering> = {}, previous?: string) => {
  const options = await beginPasskeySignIn(visitor(database), SITE);
  return finishPasskeySignIn(visitor(database), { response: key.get(options, { ...SITE, ...bent }), ...(previous === undefined ? {} : { previous }) }, SITE);
};

it("is added as the first factor, opens a full session, and signs in alone from then on", async () => {
  const { secret } = await inviteUser(anna.ctx, { email: "bert@example.com", roles: ["viewer"] });
  const { session } = await acceptInvitation(visitor(database), { secret, name: "Bert", password: PASSWORD });
  const key = new Authenticator();
  const { signedIn, recoveryCodes } = await add(session, key);
  expect(recoveryCodes).toHaveLength(10);
  expect(await sessionActor(visitor(database), signedIn!.session)).toMatchObject({ name: "Bert" });
  const again = await enter(key, {}, signedIn!.session);
  expect(again).toMatchObject({ stage: "full", user: { name: "Bert" } });
  expect(await sessionActor(visitor(database), signedIn!.session)).toBeNull();
  expect(await signIn(visitor(database), { email: "bert@example.com", password: PASSWORD }, box)).toEqual({ stage: "code", factors: ["passkey"] });
});

it("is added beside another factor by a fresh session, without new codes", async () => {
  const key = new Authenticator();
  expect(await add(anna.session, key)).toEqual({ signedIn: null, recoveryCodes: null });
  await expect(add(anna.session, key)).rejects.toMatchObject({ name: "Conflict" });
  const options = await beginPasskey(visitor(database), { session: anna.session }, SITE);
  expect(options).toMatchObject({ rp: { id: SITE.domain }, excludeCredentials: [{ id: key.id.toString("base64url") }], authenticatorSelection: { residentKey: "required", userVerification: "required" } });
  expect(await enter(key)).toMatchObject({ user: { id: anna.id } });
});

it("must answer our challenge, at our site, after making sure of the person", async () => {
  const key = new Authenticator();
  for (const bent of [{ origin: "https://evil.example.com" }, { domain: "evil.example.com" }, { verified: false }]) await expect(add(anna.session, key, bent)).rejects.toThrow("The passkey could not be added.");
  await add(anna.session, key);
  for (const bent of [{ origin: "https://evil.example.com" }, { domain: "evil.example.com" }, { verified: false }]) await expect(enter(key, bent)).rejects.toThrow("The passkey was not accepted.");
  await expect(enter(new Authenticator())).rejects.toThrow("The passkey was not accepted.");
  expect((await listAudit(anna.ctx, { outcome: "failed" })).items).toHaveLength(4);
  const forged = new Authenticator();
  forged.id.set(key.id);
  await expect(enter(forged)).rejects.toThrow("The passkey was not accepted.");
});

it("answers a challenge once, within five minutes, and only the kind it was given for", async () => {
  const key = new Authenticator();
  const registration = await beginPasskey(visitor(database), { session: anna.session }, SITE);
  await add(anna.session, key);
  const finish = (response: ReturnType<Authenticator["get"]>) => finishPasskeySignIn(visitor(database), { response }, SITE);
  const answer = key.get(await beginPasskeySignIn(visitor(database), SITE), SITE);
  const results = await Promise.allSettled([finish(answer), finish(answer), finish(answer)]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(finish(key.get({ challenge: registration.challenge }, SITE))).rejects.toThrow("not accepted");
  const late = key.get(await beginPasskeySignIn(visitor(database), SITE), SITE);
  pass(database, 300);
  await expect(finish(late)).rejects.toThrow("not accepted");
  const bert = await invited(database, anna, "cleo@example.com", "viewer");
  const options = await beginPasskey(visitor(database), { session: anna.session }, SITE);
  await expect(finishPasskey(visitor(database), { session: bert.session, name: "x", response: new Authenticator().create(options, SITE) }, SITE)).rejects.toThrow("could not be added");
});

it("is refused when its counter does not grow: then there are two of it", async () => {
  const key = new Authenticator();
  await add(anna.session, key, { counter: 5 });
  expect(await enter(key, { counter: 6 })).toMatchObject({ stage: "full" });
  for (const counter of [6, 5, 0]) await expect(enter(key, { counter })).rejects.toThrow("not accepted");
  expect(await enter(key, { counter: 4_294_967_295 })).toMatchObject({ stage: "full" });
});

it("ends with its account, and when its owner removes it; the last factor stays", async () => {
  const { secret } = await inviteUser(anna.ctx, { email: "dirk@example.com", roles: ["viewer"] });
  const { session } = await acceptInvitation(visitor(database), { secret, name: "Dirk", password: PASSWORD });
  const [one, two] = [new Authenticator(), new Authenticator()];
  const { signedIn } = await add(session, one);
  const own = signedIn!.session;
  const remove = (key: Authenticator, by = own) => removePasskey(visitor(database), { session: by, id: key.id.toString("base64url") });
  await expect(remove(one)).rejects.toThrow("your only second factor");
  await add(own, two);
  await expect(remove(one, anna.session)).rejects.toMatchObject({ name: "NotFound" });
  await remove(one);
  await expect(enter(one)).rejects.toThrow("not accepted");
  expect(await enter(two)).toMatchObject({ user: { name: "Dirk" } });
  await disableUser(anna.ctx, { user: signedIn!.user.id });
  await expect(enter(two)).rejects.toThrow("not accepted");
});

it("is not added by a session that is not fresh", async () => {
  pass(database, 15 * 60);
  await expect(add(anna.session, new Authenticator())).rejects.toThrow("You signed in too long ago");
});
