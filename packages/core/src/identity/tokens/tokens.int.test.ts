import { beforeAll, expect, it } from "vitest";
import type { Role } from "../../kernel/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { createToken, listAudit, listTokens, revokeToken, setRoles, tokenActor, type NewToken } from "../index.ts";
import { firstAdmin, invited, pass, policies, visitor, type Member } from "../test/people.ts";
import { newTokenText, parseToken, printToken } from "./tokenText.ts";

const database = testDatabase();
let anna: Member;
let token: NewToken;
const actor = (text: string) => tokenActor(visitor(database), text);
beforeAll(async () => {
  anna = await firstAdmin(database);
  token = await createToken(anna.ctx, { name: "backup job", scopes: ["read", "events:aws.cloudtrail", "read"], days: 30 });
});

it("acts with its own scopes", async () => {
  expect(await actor(token.text)).toEqual({ kind: "token", id: token.id, name: "backup job", scopes: ["read", "events:aws.cloudtrail"] });
});

it("is nobody with another secret, id or text", async () => {
  const { id } = parseToken(token.text)!;
  for (const text of [printToken({ id, secret: newTokenText().secret }), printToken(newTokenText()), "", token.text.slice(0, -1), "x".repeat(100_000)]) expect(await actor(text)).toBeNull();
});

it("ends when it expires, and when it is revoked", async () => {
  const short = await createToken(anna.ctx, { name: "short", scopes: ["read"], days: 1 });
  const at = (now: Date) => tokenActor({ ...visitor(database), now: () => now }, short.text);
  expect(await at(new Date(short.expiresAt.getTime() - 1))).not.toBeNull();
  expect(await at(short.expiresAt)).toBeNull();
  await revokeToken(anna.ctx, { id: short.id });
  expect(await actor(short.text)).toBeNull();
  await expect(revokeToken(anna.ctx, { id: short.id })).rejects.toMatchObject({ name: "NotFound" });
});

it("notes its use at most once a minute", async () => {
  const used = async () => (await listTokens(anna.ctx)).items.find(({ id }) => id === token.id)?.lastUsedAt;
  const first = database.at;
  await actor(token.text);
  pass(database, 59);
  await actor(token.text);
  expect(await used()).toEqual(first);
  pass(database, 2);
  await actor(token.text);
  expect(await used()).toEqual(database.at);
});

it("is made by people who may, for a year at most, with scopes there are", async () => {
  const make = (input: Partial<Parameters<typeof createToken>[1]>) => createToken(anna.ctx, { name: "x", scopes: ["read"], days: 1, ...input });
  for (const bad of [{ days: 366 }, { days: 0 }, { scopes: [] }, { scopes: ["admin"] }, { scopes: ["events:"] }, { scopes: ["events:A b"] }, { name: "" }]) await expect(make(bad)).rejects.toMatchObject({ name: "Invalid" });
  const bert = await invited(database, anna, "bert@example.com", "responder");
  await expect(createToken(bert.ctx, { name: "x", scopes: ["read"], days: 1 })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(createToken(database.ctx({ kind: "system", name: "job" }), { name: "x", scopes: ["read"], days: 1 })).rejects.toThrow("Only people make tokens.");
});

it("may no more than its creator may", async () => {
  const viewer = { ...anna.ctx, allows: (who: Parameters<typeof policies>[0], action: string, resource: Parameters<typeof policies>[2]) => action === "tokens.write" || policies(who.kind === "user" ? { ...who, roles: ["viewer"] } : who, action, resource) };
  for (const scope of ["read", "write", "sources", "audit", "events:*", "events:aws.cloudtrail"]) await expect(createToken(viewer, { name: "x", scopes: [scope], days: 1 })).rejects.toMatchObject({ name: "Forbidden" });
  const refused = await listAudit(anna.ctx, { outcome: "refused", actor: anna.id });
  expect(refused.items.map(({ action }) => action).toSorted()).toEqual(["audit.read", "findings.comment", "lake.query", "sources.write", "sources.write", "sources.write"]);
});

it("may no more than its creator may now, whatever changed the roles of that person", async () => {
  const cleo = await invited(database, anna, "cleo@example.com", "admin");
  const all = ["read", "write", "sources", "audit", "events:*", "events:aws.cloudtrail"];
  const { text } = await createToken(cleo.ctx, { name: "wide", scopes: all, days: 1 });
  const scopes = async () => {
    const found = await actor(text);
    return found?.kind === "token" ? found.scopes : null;
  };
  const table: [Role[], string[]][] = [
    [["developer"], ["read"]], [["responder"], ["read", "write"]], [["auditor"], ["read", "audit"]], [["responder", "auditor"], ["read", "write", "audit"]],
    [["admin"], all], [["viewer", "admin"], all], [["viewer"], []],
  ];
  for (const [roles, left] of table) {
    await setRoles(anna.ctx, { user: cleo.id, roles });
    expect([roles, await scopes()]).toEqual([roles, left]);
  }
  await database.db.execute(`UPDATE users SET mapped_roles = '{responder}' WHERE id = '${cleo.id}'`);
  expect(await scopes()).toEqual(["read", "write"]);
});

it("asks the policies once for the same maker, roles and scopes", async () => {
  let asked = 0;
  const ctx = visitor(database);
  const counting = { ...ctx, allows: (...about: Parameters<typeof policies>) => (asked++, policies(...about)) };
  await tokenActor(counting, token.text);
  const first = asked;
  expect(first).toBeGreaterThan(0);
  await tokenActor(counting, token.text);
  expect(asked).toBe(first);
});

it("is listed once, newest first, page by page, also when several were made at the same moment", async () => {
  pass(database, 60);
  const made: string[] = [];
  for (let n = 0; n < 7; n++) {
    if (n % 3 === 0) pass(database, 1);
    made.push((await createToken(anna.ctx, { name: `page ${n}`, scopes: ["read"], days: 1 })).id);
  }
  const seen: { id: string; name: string; createdAt: Date }[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listTokens>> = await listTokens(anna.ctx, { limit: 2, cursor });
    seen.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(seen.slice(0, 7).map(({ id }) => id).toSorted()).toEqual(made.toSorted());
  expect(seen[0]!.id).toBe(made[6]);
  expect(seen.map(({ createdAt }) => createdAt)).toEqual(seen.map(({ createdAt }) => createdAt).toSorted((a, b) => b.getTime() - a.getTime()));
  await expect(listTokens(anna.ctx, { cursor: Buffer.from('"0123456789abcdef"').toString("base64url") })).rejects.toThrow("no cursor of this list");
});

it("is listed without its secret, and audited without it", async () => {
  const { items } = await listTokens(anna.ctx, { limit: 1 });
  expect(Object.keys(items[0]!).sort()).toEqual(["createdAt", "createdBy", "expiresAt", "id", "lastUsedAt", "name", "revokedAt", "scopes"]);
  const audited = JSON.stringify(await listAudit(anna.ctx, { action: "tokens.write" }, { limit: 200 }));
  expect(audited).toContain("backup job");
  expect(audited).not.toContain(parseToken(token.text)!.secret);
});
