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
const inUse = (id: string): Promise<void> => vi.waitFor(async () => expect((await test.admin.call(api.admin.tokens, { query: {} })).items.find((each) => each.id === id)!.lastUsedAt).not.toBeNull(), { timeout: 60_000, interval: 20 });
const revoke = (id: string): Promise<unknown> => test.admin.call(api.admin.revokeToken, { params: { id } });
const ask = (token: string, sql: string, { path = "/v1/query", signal, ...limits }: { path?: string; signal?: AbortSignal; maxRows?: number; seconds?: number } = {}): Promise<Response> =>
  test.fetch(path, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql, maxRows: 100_000, seconds: 300, ...limits }), ...(signal && { signal }) });
/** A gigabyte, which nobody takes at once. */
const LARGE = "select repeat('x', 10000) from range(100000)";

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

const question = (token: string, seconds: number): string[] => {
  const body = JSON.stringify({ sql: LARGE, maxRows: 100_000, seconds });
  return ["POST /v1/query HTTP/1.1", "Host: x", `Authorization: Bearer ${token}`, "Content-Type: application/json", `Content-Length: ${body.length}`, "", body];
};

describe("who asks several questions at once", () => {
  it("is answered one at a time, is told so when too many wait, and keeps nobody else out", async () => {
    const { token } = await newToken("read");
    const leaving = new AbortController();
    const asked = Array.from({ length: 4 }, () => ask(token, ENDLESS, { signal: leaving.signal }));
    const refused = await Promise.race(asked);
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toMatchObject([429, "5", { detail: "One question of yours is being answered at a time, and others are waiting already." } satisfies Partial<Problem>]);
    expect(await (await ask((await newToken("read")).token, "select 7 as seven")).text()).toContain('{"row":[7]}');
    leaving.abort();
    await Promise.allSettled(asked);
    expect(await (await ask(token, "select 8 as eight")).text()).toContain('{"row":[8]}');
  });

  it("may go away and ask anew", async () => {
    const { token } = await newToken("read");
    const leaving = new AbortController();
    expect((await ask(token, LARGE, { signal: leaving.signal })).status).toBe(200);
    const next = ask(token, "select 7 as seven");
    leaving.abort();
    expect(await (await next).text()).toContain('{"row":[7]}');
  });
});

describe("an export", () => {
  const path = "/v1/query/export";

  it("that fails on its way breaks off", async () => {
    const { token } = await newToken("write");
    const answer = await ask(token, "select case when range = 90000 then error('boom') else repeat('x', 1000) end as x from range(100000)", { path });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await (await ask(token, "select 7 as seven", { path })).text()).toBe("seven\n7\n");
  });

  it("is whole, or it is none", async () => {
    const { token } = await newToken("write");
    const refused = await ask(token, "select range from range(3)", { path, maxRows: 2 });
    expect([refused.status, await refused.json()]).toMatchObject([400, { detail: "There are more than 2 rows, which is the most that this export may have.", hint: expect.stringContaining("LIMIT") as string }]);
    await expect(ask(token, LARGE, { path, maxRows: 5_000 }).then((answer) => answer.text())).rejects.toThrow();
    const whole = await test.fetch(path, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql: "select range from range(150000)" }) });
    expect((await whole.text()).split("\n")).toHaveLength(150_002);
  });
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
    // As many as are answered at once.
    const deaf = [await sent(...question((await newToken("read")).token, 300)), await sent(...question((await newToken("read")).token, 300))];
    for (const socket of deaf) await once(socket, "readable");
    const answer = await ask((await newToken("read")).token, "select 7 as seven");
    expect(await answer.text()).toContain('{"row":[7]}');
    for (const socket of deaf) expect((await text(socket).catch(() => "cut")).includes('"end"')).toBe(false);
  });

  it("that takes its answer bit by bit is cut off as well, and others are served", async () => {
    const slow = [await sent(...question((await newToken("read")).token, 5)), await sent(...question((await newToken("read")).token, 5))];
    for (const socket of slow) await once(socket, "readable");
    const ended = slow.map((socket) => once(socket, "close"));
    const taking = setInterval(() => slow.forEach((socket) => void socket.read(Math.min(65_536, socket.readableLength))), 5);
    const answer = await ask((await newToken("read")).token, "select 7 as seven");
    expect(await answer.text()).toContain('{"row":[7]}');
    clearInterval(taking);
    for (const socket of slow) socket.resume();
    await Promise.all(ended);
    const { items } = await test.admin.call(api.admin.audit, { query: { action: "lake.query", outcome: "failed" } });
    expect(items.filter(({ detail }) => detail["why"] === "The answer was not taken within 17 s.")).toHaveLength(2);
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
