import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { api, type Problem } from "@corduroy/contract";
import { invited, testService } from "./test/running.ts";

/** The least that a client on a busy machine keeps up with. */
const test = testService({ patienceMs: 3_000 });
const ENDLESS = "select count(*) from range(1000000000) a, range(1000000000) b where hash(a.range, b.range) = 1";

async function newToken(...scopes: string[]): Promise<{ token: string; id: string }> {
  const { token, about } = await test.admin.call(api.admin.createToken, { body: { name: "t", scopes, days: 1 } });
  return { token, id: about.id };
}
const inUse = (id: string): Promise<void> => vi.waitFor(async () => expect((await test.admin.call(api.admin.tokens)).items.find((each) => each.id === id)!.lastUsedAt).not.toBeNull(), { timeout: 60_000, interval: 20 });
const revoke = (id: string): Promise<unknown> => test.admin.call(api.admin.revokeToken, { params: { id } });
const ask = (token: string, sql: string, path = "/v1/query"): Promise<Response> => test.fetch(path, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql, maxRows: 100_000, seconds: 300 }) });

/** A connection on which this was sent. */
async function sent(...lines: string[]): Promise<Socket> {
  const socket = connect(Number(new URL(test.service.origin).port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  socket.write(lines.join("\r\n"));
  return socket;
}
const events = (token: string): string[] => ["POST /v1/events/generic.json HTTP/1.1", "Host: x", `Authorization: Bearer ${token}`, "Content-Type: application/x-ndjson", "Content-Length: 100000", "", ""];

describe("a token that is revoked", () => {
  it("ends its stream of findings", async () => {
    const { token, id } = await newToken("read");
    const stream = await test.fetch("/v1/findings/live", { headers: { Authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    await revoke(id);
    expect(await stream.text()).toMatch(/^: following/);
  });

  it("ends its queries, and says why", async () => {
    const { token, id } = await newToken("read");
    const asked = ask(token, ENDLESS);
    await inUse(id);
    await revoke(id);
    const answer = await asked;
    expect([answer.status, await answer.json()]).toMatchObject([403, { detail: "Your session, your token or your right to ask has ended, and the query with it.", hint: "Sign in again, or make a new token; ask an administrator for a role that may." } satisfies Partial<Problem>]);
  });
});

it("a demotion ends the queries of the tokens that the person made, and their stream when they are locked out", async () => {
  const browser = await invited(test, "dora@example.com", "admin");
  const { user } = await browser.call(api.session.current);
  const { token, about } = await browser.call(api.admin.createToken, { body: { name: "t", scopes: ["read"], days: 1 } });
  const stream = await test.fetch("/v1/findings/live", { headers: { Cookie: [...browser.cookies].map((pair) => pair.join("=")).join("; ") } });
  const asked = ask(token, ENDLESS);
  await inUse(about.id);
  await test.admin.call(api.admin.changeUser, { params: { id: user.id }, body: { roles: ["viewer"] } });
  const answer = await asked;
  expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([403, "Your session, your token or your right to ask has ended, and the query with it."]);
  await test.admin.call(api.admin.changeUser, { params: { id: user.id }, body: { disabled: true } });
  expect(await stream.text()).toMatch(/^: following/);
});

describe("a slow client", () => {
  it("that sends a byte at a time, or stops in the middle, is cut off, and leaves nothing", async () => {
    const { token } = await newToken("events:generic.json");
    const before = test.service.ingest.receiver.spool.backlog;
    const trickling = await sent(...events(token));
    const trickle = setInterval(() => trickling.write(" "), 100);
    const stopped = [await sent(...events(token), "{"), await sent("POST /v1/events/generic.json HTTP/1.1", "Host: x", "X-")];
    const [head, body] = (await text(trickling).finally(() => clearInterval(trickle))).split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(body!)).toMatchObject({ status: 408, detail: "The request did not arrive within 12 seconds; nothing of it was kept.", hint: "Send it again, in smaller parts, or compressed with gzip." } satisfies Partial<Problem>);
    for (const socket of stopped) expect(await text(socket)).not.toMatch(/ 20\d /);
    expect(test.service.ingest.receiver.spool.backlog).toBe(before);
  });

  it("that never reads its answer is cut off, and others are served", async () => {
    const { token } = await newToken("read");
    const body = JSON.stringify({ sql: "select repeat('x', 10000) from range(100000)", maxRows: 100_000, seconds: 300 });
    const question = ["POST /v1/query HTTP/1.1", "Host: x", `Authorization: Bearer ${token}`, "Content-Type: application/json", `Content-Length: ${body.length}`, "", body];
    // As many as are answered at once.
    const deaf = [await sent(...question), await sent(...question)];
    for (const socket of deaf) await once(socket, "readable");
    const answer = await ask(token, "select 7 as seven");
    expect(await answer.text()).toContain('{"row":[7]}');
    for (const socket of deaf) expect((await text(socket).catch(() => "cut")).includes('"end"')).toBe(false);
  });

  it("is none that waits while we work", async () => {
    const { token } = await newToken("read");
    const answer = await test.fetch("/v1/query", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql: ENDLESS, seconds: 8 }) });
    expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([503, "The query was stopped: it worked for longer than 8 s."]);
  });
});

it("what is no request is told so", async () => {
  const [head, body] = (await text(await sent("HELO there", "", ""))).split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(body!)).toMatchObject({ detail: "This is no HTTP request." });
});
