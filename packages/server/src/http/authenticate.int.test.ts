import type { FastifyRequest } from "fastify";
import { beforeAll, expect, it } from "vitest";
import { api, type Route } from "@corduroy/contract";
import { createToken, disableUser, listSessions, setRoles } from "@corduroy/core/identity";
import { firstAdmin, invited, pass, visitor, type Member } from "@corduroy/core/identity/test";
import type { Role } from "@corduroy/core/kernel";
import { openDatabase } from "@corduroy/core/store";
import { testDatabase } from "@corduroy/core/store/test";
import { authenticate, type Caller } from "./authenticate.ts";

const database = testDatabase();
const FINDINGS = { type: "Finding", id: "*" };
const LAKE = { type: "Lake", id: "events" };
let anna: Member;
beforeAll(async () => {
  anna = await firstAdmin(database);
});

const came = (sent: { session?: string; token?: string }, route: Route = api.findings.list, ctx = visitor(database)): Promise<Caller> => {
  const request = { method: "GET", protocol: "http", headers: sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }, cookies: sent.session === undefined ? {} : { corduroy: sent.session } };
  return authenticate(ctx, request as unknown as FastifyRequest, route);
};
const may = async ({ stillMay }: Caller): Promise<[findings: boolean, lake: boolean]> => [await stillMay("findings.read", FINDINGS), await stillMay("lake.export", LAKE)];
const give = (who: Member, ...roles: Role[]): Promise<void> => setRoles(anna.ctx, { user: who.id, roles });

it("tells of a session what its person may at this moment, until it ends", async () => {
  const bert = await invited(database, anna, "bert@example.com", "responder");
  const caller = await came({ session: bert.session });
  expect(await may(caller)).toEqual([true, true]);
  await give(bert, "developer");
  expect(await may(caller)).toEqual([true, false]);
  await give(bert, "auditor");
  expect(await may(caller)).toEqual([true, true]);
  await disableUser(anna.ctx, { user: bert.id });
  expect(await may(caller)).toEqual([false, false]);
});

it("tells whether somebody still sees what they saw: people, and the same sources", async () => {
  const ctx = visitor(database);
  const narrowed: typeof ctx.allows = (actor, action, resource) => ctx.allows(actor, action, resource) && (action !== "events.read" || resource.id === "github.audit" || !(actor.kind === "user" && actor.roles.includes("developer")));
  const bo = await invited(database, anna, "bo@example.com", "responder");
  const coming = (): Promise<Caller> => came({ session: bo.session }, api.findings.live, { ...ctx, allows: narrowed });
  const sees = await coming();
  expect(await sees.stillSees(FINDINGS)).toBe(true);
  await give(bo, "viewer");
  expect(await sees.stillSees(FINDINGS)).toBe(false);
  const seesNobody = await coming();
  await give(bo, "auditor");
  expect(await seesNobody.stillSees(FINDINGS)).toBe(true);
  await give(bo, "developer");
  expect(await seesNobody.stillSees(FINDINGS)).toBe(false);
  const seesOne = await coming();
  expect(await seesOne.stillMay("findings.read", FINDINGS)).toBe(true);
  expect(await seesOne.stillSees(FINDINGS)).toBe(true);
});

it("tells of a token what its maker may at this moment", async () => {
  const cleo = await invited(database, anna, "cleo@example.com", "admin");
  const { text } = await createToken(cleo.ctx, { name: "t", scopes: ["read", "write"], days: 1 });
  const caller = await came({ token: text });
  expect(await may(caller)).toEqual([true, true]);
  await give(cleo, "developer");
  expect(await may(caller)).toEqual([true, false]);
  await give(cleo, "viewer");
  expect(await may(caller)).toEqual([false, false]);
});

it("lets a caller go on while the database is away", async () => {
  const gone = openDatabase(database.address);
  await gone.close();
  const ctx = visitor(database);
  const caller = await came({ session: anna.session }, api.findings.live, ctx);
  ctx.db = gone.db;
  expect(await may(caller)).toEqual([true, true]);
});

it("never says that a visitor may", async () => {
  expect(await may(await came({}, api.session.options))).toEqual([false, false]);
});

it("keeps a session alive by requests alone: neither by a stream, nor by asking whether it goes on", async () => {
  const dora = await invited(database, anna, "dora@example.com", "viewer");
  const seen = async (): Promise<Date | undefined> => (await listSessions(dora.ctx, { user: dora.id }))[0]?.lastSeenAt;
  const begun = database.at;
  const stream = await came({ session: dora.session }, api.findings.live);
  for (let hour = 0; hour < 11; hour++) {
    pass(database, 3_600);
    expect(await stream.stillMay("findings.read", FINDINGS)).toBe(true);
    await came({ session: dora.session }, api.findings.live);
  }
  expect(await seen()).toEqual(begun);
  await came({ session: dora.session });
  expect(await seen()).toEqual(database.at);
  pass(database, 12 * 3_600);
  expect(await stream.stillMay("findings.read", FINDINGS)).toBe(false);
  await expect(came({ session: dora.session }, api.findings.live)).rejects.toThrow("You are not signed in.");
});
