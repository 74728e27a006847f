import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { beginOidc, beginPasskey, beginPasskeySignIn, beginTotp, createToken, disableUser, finishOidc, finishPasskey, finishPasskeySignIn, listAudit, listUsers, oidcProvider, removePasskey, sessionActor, sessionView, setRoles, signIn, tokenActor, type OidcProvider, type OidcSettings, type SignedIn } from "../index.ts";
import { Authenticator } from "../test/authenticator.ts";
import { REDIRECT, startIdentityProvider, type IdentityProvider } from "../test/identityProvider.ts";
import { box, firstAdmin, pass, PASSWORD, policies, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
const CLIENT = { id: "corduroy", secret: "a secret of the client that is long enough" };
let remote: IdentityProvider;
let settings: OidcSettings;
let company: OidcProvider;
let anna: Member;
beforeAll(async () => {
  anna = await firstAdmin(database);
  remote = await startIdentityProvider(CLIENT);
  settings = { id: "company", name: "Company", issuer: remote.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, redirectUri: REDIRECT, scopes: ["groups"], groups: { engineers: ["developer"], secops: ["responder", "viewer"] } };
  company = oidcProvider(settings);
});
afterAll(() => remote.stop());

const ctx = () => visitor(database);
/** The whole way of a browser. */
const enter = async (person: IdentityProvider["person"], previous?: string): Promise<SignedIn> => {
  remote.person = person;
  const { url, state } = await beginOidc(ctx(), company, box);
  return finishOidc(ctx(), company, { callback: await remote.browse(url), state, ...(previous === undefined ? {} : { previous }) }, box);
};
const dora = (more: object = {}) => ({ sub: "subject-of-dora", email: "Dora@example.com", email_verified: true, name: "Dora", groups: ["engineers", "chess"], ...more });
const why = async () => (await listAudit(anna.ctx, { outcome: "failed" }, { limit: 1 })).items[0]?.detail["why"];

describe("single sign-on", () => {
  it("lets a person in with the roles of their groups, and knows them again", async () => {
    const first = await enter(dora());
    expect(await sessionActor(ctx(), first.session)).toEqual({ kind: "user", id: first.user.id, name: "Dora", roles: ["developer"] });
    const second = await enter(dora(), first.session);
    expect(second.user).toEqual(first.user);
    expect(await sessionActor(ctx(), first.session)).toBeNull();
    expect((await listAudit(anna.ctx, { actor: first.user.id, action: "session.begin" })).items[0]).toMatchObject({ outcome: "done", detail: { by: "single sign-on", stage: "full" } });
  });

  it("knows people by issuer and subject, whatever their address is now", async () => {
    const { user } = await enter(dora({ email: "dora.new@example.com" }));
    expect(user).toEqual((await enter(dora())).user);
    await expect(enter({ ...dora(), sub: "somebody else" })).rejects.toMatchObject({ name: "Conflict" });
    await expect(enter({ ...dora(), sub: "subject-of-anna", email: anna.email, groups: ["secops"] })).rejects.toMatchObject({ name: "Conflict" });
    expect((await listUsers(anna.ctx)).items.map(({ email }) => email)).toEqual(["anna@example.com", "dora@example.com"]);
  });

  it("follows the groups at every sign-in, and leaves what administrators gave", async () => {
    const { user } = await enter(dora());
    const roles = async (groups: unknown) => {
      const { session } = await enter(dora({ groups }));
      const actor = await sessionActor(ctx(), session);
      return actor?.kind === "user" ? actor.roles : null;
    };
    expect(await roles(["secops"])).toEqual(["responder", "viewer"]);
    await setRoles(anna.ctx, { user: user.id, roles: ["admin"] });
    expect(await roles(["engineers"])).toEqual(["admin", "developer"]);
    await setRoles(anna.ctx, { user: user.id, roles: ["auditor"] });
    for (const none of [[], undefined, "secops", { secops: true }, ["__proto__", "toString"]]) expect(await roles(none)).toEqual(["auditor"]);
  });

  it("lets nobody in without a role, and takes the roles of lost groups away all the same", async () => {
    await expect(enter({ ...dora(), sub: "new", email: "new@example.com", groups: ["chess"] })).rejects.toThrow("None of your groups has a role here.");
    const { user, session } = await enter({ sub: "emil", email: "emil@example.com", email_verified: true, groups: ["secops"] });
    await expect(enter({ sub: "emil", email: "emil@example.com", email_verified: true, groups: [] })).rejects.toThrow("None of your groups has a role here.");
    expect(await sessionActor(ctx(), session)).toMatchObject({ id: user.id, name: "emil@example.com", roles: [] });
    expect((await listUsers(anna.ctx)).items.map(({ email }) => email)).not.toContain("new@example.com");
  });

  it("wants an address that the provider has verified", async () => {
    for (const verified of [false, undefined, "true"]) {
      await expect(enter({ ...dora(), email_verified: verified })).rejects.toThrow("The sign-in with Company did not succeed.");
      expect(await why()).toBe("claims: email_verified");
    }
    await expect(enter({ ...dora(), email: undefined })).rejects.toMatchObject({ name: "Forbidden" });
    expect(await why()).toBe("claims: email");
  });

  it("lets nobody in who is disabled, and gives no password to those who have none", async () => {
    const { user } = await enter({ sub: "finn", email: "finn@example.com", email_verified: true, name: "Finn", groups: ["secops"] });
    await expect(signIn(ctx(), { email: "finn@example.com", password: PASSWORD }, box)).rejects.toThrow("is wrong");
    await disableUser(anna.ctx, { user: user.id });
    await expect(enter({ sub: "finn", email: "finn@example.com", email_verified: true, groups: ["secops"] })).rejects.toThrow("This account is disabled.");
  });

  it("is the only way in of its people: no factor is added, and none from before opens anything", async () => {
    const site = { domain: "corduroy.example.com", origin: "https://corduroy.example.com" };
    const { user, session } = await enter({ sub: "gina", email: "gina@example.com", email_verified: true, name: "Gina", groups: ["secops"] });
    const only = { name: "Forbidden", message: "This account comes in by single sign-on alone." };
    await expect(beginPasskey(ctx(), { session }, site)).rejects.toMatchObject(only);
    await expect(beginTotp(ctx(), { session }, box)).rejects.toMatchObject(only);
    // As one from an earlier release.
    const key = new Authenticator();
    await database.db.execute(`UPDATE users SET password_hash = 'as if' WHERE id = '${user.id}'`);
    await finishPasskey(ctx(), { session, name: "old", response: key.create(await beginPasskey(ctx(), { session }, site), site) }, site);
    await database.db.execute(`UPDATE users SET password_hash = NULL WHERE id = '${user.id}'`);
    const passkey = async (bent = {}) => finishPasskeySignIn(ctx(), { response: key.get(await beginPasskeySignIn(ctx(), site), { ...site, ...bent }) }, site);
    await expect(passkey()).rejects.toMatchObject(only);
    await expect(passkey({ origin: "https://evil.example.com" })).rejects.toThrow("The passkey was not accepted.");
    expect((await listAudit(anna.ctx, { outcome: "failed", resourceId: user.id })).items).toMatchObject([{ detail: { wrong: "passkey" } }, { detail: { wrong: "passkey", why: "single sign-on alone" } }]);
    await removePasskey(ctx(), { session, id: key.id.toString("base64url") });
    expect(await sessionView(ctx(), session)).toMatchObject({ singleSignOn: true, secondFactors: { passkeys: [] } });
    expect(await sessionView(ctx(), anna.session)).toMatchObject({ singleSignOn: false });
  });

  it("takes the answer to its own question alone: state, nonce, code and verifier, once and within ten minutes", async () => {
    remote.person = dora();
    const finish = (callback: string, state: string) => finishOidc(ctx(), company, { callback, state }, box);
    const one = await beginOidc(ctx(), company, box);
    const two = await beginOidc(ctx(), company, box);
    const [answer, other] = [await remote.browse(one.url), await remote.browse(two.url)];
    await expect(finish(answer, two.state)).rejects.toMatchObject({ name: "Forbidden" });
    const restated = new URL(answer);
    restated.searchParams.set("state", new URL(other).searchParams.get("state")!);
    await expect(finish(restated.href, one.state)).rejects.toMatchObject({ name: "Forbidden" });
    expect(await why()).toBe("OAUTH_INVALID_RESPONSE");
    const crossed = new URL(answer);
    crossed.searchParams.set("code", new URL(other).searchParams.get("code")!);
    await expect(finish(crossed.href, one.state)).rejects.toMatchObject({ name: "Forbidden" });
    for (const state of ["", "x", `${two.state.slice(0, -4)}AAAA`, box.seal(box.open(two.state, "oidc:company"), "oidc:other")]) await expect(finish(other, state)).rejects.toMatchObject({ name: state === "" ? "Invalid" : "Forbidden" });
    const three = await beginOidc(ctx(), company, box);
    const third = await remote.browse(three.url);
    expect(await finish(third, three.state)).toMatchObject({ stage: "full" });
    await expect(finish(third, three.state)).rejects.toMatchObject({ name: "Forbidden" });
    const four = await beginOidc(ctx(), company, box);
    const fourth = await remote.browse(four.url);
    pass(database, 601);
    await expect(finish(fourth, four.state)).rejects.toMatchObject({ name: "Forbidden" });
    await expect(finish(`${REDIRECT}?error=access_denied&state=x`, four.state)).rejects.toMatchObject({ name: "Forbidden" });
  });

  it("sends state, nonce and an S256 challenge along, and shows none of what is behind them", async () => {
    const { url, state } = await beginOidc(ctx(), company, box);
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: "code", code_challenge_method: "S256", scope: "openid email profile groups", redirect_uri: REDIRECT });
    const { verifier } = JSON.parse(box.open(state, "oidc:company")) as { verifier: string };
    expect(url + state).not.toContain(verifier);
    expect(asked.get("nonce")).toMatch(/^.{43}$/);
  });

  it("counts its people's tokens like others'", async () => {
    const { user } = await enter(dora());
    await setRoles(anna.ctx, { user: user.id, roles: ["admin"] });
    const { session } = await enter(dora());
    const actor = (await sessionActor(ctx(), session))!;
    const { text } = await createToken(database.ctx(actor, policies), { name: "t", scopes: ["read"], days: 1 });
    await disableUser(anna.ctx, { user: user.id });
    expect(await tokenActor(visitor(database), text)).toBeNull();
  });
});

describe("a provider's configuration", () => {
  it("is refused when a group stands for administrators, or an address has no TLS", () => {
    expect(() => oidcProvider({ ...settings, groups: { bosses: ["admin" as "viewer"] } })).toThrow(/groups\.bosses\.0 is not right: no group may stand for "admin"/);
    expect(() => oidcProvider({ ...settings, issuer: "http://login.example.com" })).toThrow(/issuer is not right: it must begin with https/);
    expect(() => oidcProvider({ ...settings, redirectUri: "http://127.0.0.1.example.com/back" })).toThrow(/redirectUri is not right/);
    expect(() => oidcProvider({ ...settings, issuer: "file:///etc/passwd" })).toThrow(/issuer is not right/);
    expect(() => oidcProvider({ ...settings, clientSecret: "" })).toThrow(/clientSecret is not right/);
  });

  it("is asked for again after the provider was away", async () => {
    const away = oidcProvider({ ...settings, issuer: "http://127.0.0.1:9" });
    for (let time = 0; time < 2; time++) await expect(beginOidc(ctx(), away, box)).rejects.toMatchObject({ name: "Unavailable", message: 'The identity provider "Company" cannot be reached.' });
  });
});
