import { expect, it } from "vitest";
import { api, type Role } from "@corduroy/contract";
import { REDIRECT, startIdentityProvider } from "@corduroy/core/identity/test";
import { testService } from "../test/running.ts";

const company = await startIdentityProvider({ id: "corduroy", secret: "made-up-secret-made-up" });
const test = testService({
  oidc: { id: "company", name: "Company", issuer: company.issuer, clientId: "corduroy", clientSecret: "made-up-secret-made-up", redirectUri: REDIRECT, scopes: ["groups"], groups: { "sec-team": ["responder"] } },
  onStop: () => company.stop(),
});

/** Goes the whole way, as a browser does. @returns where it ends, and its cookies */
async function signIn(tamper: (callback: string) => string = (same) => same): Promise<{ location: string | null; cookies: string[] }> {
  const begun = await test.fetch("/sign-in/sso", { redirect: "manual" });
  const [cookie = ""] = begun.headers.getSetCookie();
  expect(cookie).toMatch(/^corduroy_sso=.+; Max-Age=600; Path=\/sign-in\/sso; HttpOnly; SameSite=Lax$/);
  const back = new URL(tamper(await company.browse(begun.headers.get("location")!)));
  const ended = await test.fetch(`/sign-in/sso/callback${back.search}`, { redirect: "manual", headers: { Cookie: cookie.split(";")[0]! } });
  return { location: ended.headers.get("location"), cookies: ended.headers.getSetCookie() };
}

it("lets somebody of a mapped group in, with that role", async () => {
  company.person = { sub: "s1", email: "rana@example.com", email_verified: true, name: "Rana", groups: ["sec-team", "everybody"] };
  const { location, cookies } = await signIn();
  expect(location).toBe("/");
  const browser = test.browser();
  const [name, value] = cookies.find((each) => each.startsWith("corduroy="))!.split(";")[0]!.split("=") as [string, string];
  browser.cookies.set(name, value);
  expect(await browser.call(api.session.current)).toMatchObject({ stage: "full", user: { name: "Rana", roles: ["responder"] } });
  expect(await browser.call(api.session.options)).toMatchObject({ sso: { name: "Company" } });
});

it("keeps roles of groups apart from those that are given, which may be none", async () => {
  const rana = async () => (await test.admin.call(api.admin.users, { query: {} })).items.find(({ name }) => name === "Rana")!;
  const { id, ...about } = await rana();
  expect(about).toEqual({ email: "rana@example.com", name: "Rana", roles: [], mappedRoles: ["responder"], singleSignOn: true, disabled: false });
  const give = (roles: Role[]) => test.admin.call(api.admin.changeUser, { params: { id }, body: { roles } });
  expect(await give(["viewer"])).toEqual({ id, ...about, roles: ["viewer"] });
  expect(await give([])).toEqual({ id, ...about });
  const { id: me } = (await test.admin.call(api.session.current)).user;
  await expect(test.admin.call(api.admin.changeUser, { params: { id: me }, body: { roles: [] } })).rejects.toMatchObject({ problem: { status: 400 } });
});

it("sends everybody else back to the sign-in page, which says why, and opens no session", async () => {
  company.person = { sub: "s2", email: "eve@example.com", email_verified: true, name: "Eve", groups: ["sales"] };
  const stranger = await signIn();
  expect(stranger.location).toMatch(/^\/sign-in\?problem=/);
  company.person = { sub: "s1", email: "rana@example.com", email_verified: true, name: "Rana", groups: ["sec-team"] };
  const forged = await signIn((callback) => callback.replace(/state=[^&]+/, "state=forged"));
  expect(forged.location).toMatch(/^\/sign-in\?problem=/);
  for (const { cookies } of [stranger, forged]) expect(cookies.filter((each) => each.startsWith("corduroy="))).toEqual([]);
});
