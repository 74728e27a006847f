import { connect } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { api, ApiError, type Problem } from "@corduroy/contract";
import { testService } from "../test/running.ts";

const test = testService();

const tokenFor = async (...scopes: string[]): Promise<string> => (await test.admin.call(api.admin.createToken, { body: { name: "t", scopes, days: 1 } })).token;
const post = (token: string, body: RequestInit["body"] & {}, headers: Record<string, string> = {}): Promise<Response> => test.fetch("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}`, ...headers }, body });
const problem = async (response: Response): Promise<Problem> => (await response.json()) as Problem;
const port = (): number => Number(new URL(test.service.origin).port);

describe("every answer", () => {
  it("carries the headers that keep a page and its data to themselves", async () => {
    for (const path of ["/", "/v1/session", "/v1/findings", "/nowhere", "/v1/nowhere", "/assets/x.js"]) {
      const { headers } = await test.fetch(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("script-src 'self'");
      expect(policy, path).not.toMatch(/script-src[^;]*unsafe/);
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect([headers.get("x-content-type-options"), headers.get("referrer-policy"), headers.get("x-frame-options")], path).toEqual(["nosniff", "no-referrer", "SAMEORIGIN"]);
      expect(headers.get("server"), path).toBeNull();
    }
  });

  it("that is an error is a problem document, and tells nothing of our insides", async () => {
    const answer = await test.fetch("/v1/findings/%00", { headers: { Authorization: `Bearer ${await tokenFor("read")}` } });
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    const body = JSON.stringify(await problem(answer));
    expect(body).not.toMatch(/select|postgres|node_modules|\.ts:|at \w+ \(/i);
  });

  it("names the place of what is wrong in a request", async () => {
    const refused = test.admin.call(api.admin.createToken, { body: { name: "", scopes: ["read"], days: 1 } });
    await expect(refused).rejects.toMatchObject({ problem: { status: 400, errors: [{ pointer: "/name" }] } });
  });
});

describe("a browser's session", () => {
  it("is a cookie that scripts and other sites cannot reach, and changes want its CSRF token too", async () => {
    const [cookie] = [...test.admin.cookies].map(([name, value]) => `${name}=${value}`);
    const change = (headers: Record<string, string>): Promise<Response> => test.fetch("/v1/views", { method: "POST", headers: { "Content-Type": "application/json", Cookie: cookie!, ...headers }, body: JSON.stringify({ name: "x", filter: {}, shared: false }) });
    expect((await change({})).status).toBe(403);
    expect((await change({ "X-CSRF-Token": "guess" })).status).toBe(403);
    expect((await change({ "X-CSRF-Token": test.admin.csrf, "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
    expect((await change({ "X-CSRF-Token": test.admin.csrf })).status).toBe(200);
    expect((await test.fetch("/v1/session", { headers: { Cookie: cookie! } })).status).toBe(200);
    const signIn = await test.fetch("/v1/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email: "nobody@example.com", password: "something else 42" }) });
    expect(signIn.headers.getSetCookie()).toEqual([]);
  });

  it("says nothing about who has an account", async () => {
    const [known, unknown] = await Promise.all(["anna@example.com", "nobody@example.com"].map((email) => test.fetch("/v1/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password: "not the password 1" }) })));
    expect(await problem(known!)).toEqual(await problem(unknown!));
    expect([known!.status, known!.headers.getSetCookie()]).toEqual([unknown!.status, unknown!.headers.getSetCookie()]);
  });

  it("ends at once everywhere when it is signed out", async () => {
    const browser = test.browser();
    browser.cookies.set("corduroy", "x".repeat(43));
    await expect(browser.call(api.session.current)).rejects.toBeInstanceOf(ApiError);
    await expect(browser.call(api.findings.list, { query: {} })).rejects.toMatchObject({ problem: { status: 401 } });
  });
});

describe("a body of events", () => {
  it("above the limit is refused, with what to do", async () => {
    const answer = await post(await tokenFor("events:generic.json"), Buffer.alloc(17 * 1024 * 1024, 32));
    expect(answer.status).toBe(413);
    expect(await problem(answer)).toMatchObject({ hint: "Send it in several requests, or compressed with gzip." });
  });

  it("that breaks off, or whose token is revoked in the middle, leaves nothing", async () => {
    const token = await tokenFor("events:generic.json");
    const before = test.service.ingest.receiver.spool.backlog;
    const socket = connect(port(), "127.0.0.1");
    await once(socket, "connect");
    socket.write(`POST /v1/events/generic.json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{"a":1}\n`);
    socket.destroy();
    const slow = connect(port(), "127.0.0.1");
    await once(slow, "connect");
    slow.write(`POST /v1/events/generic.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 16\r\n\r\n{"a":1}\n`);
    const { items } = await test.admin.call(api.admin.tokens, { query: {} });
    for (const each of items) if (each.revokedAt === null) await test.admin.call(api.admin.revokeToken, { params: { id: each.id } });
    slow.write('{"a":2}\n');
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 40[13] /);
    expect(test.service.ingest.receiver.spool.backlog).toBe(before);
  });

  it("of any content type is taken as it is", async () => {
    const token = await tokenFor("events:*");
    for (const type of ["application/json", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded"]) expect((await post(token, '{"a":1}', { "Content-Type": type })).status, type).toBe(202);
    expect((await test.fetch("/v1/events/no.such.source", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: "{}" })).status).toBe(404);
    expect((await test.fetch("/v1/events/..%2f..%2fetc", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: "{}" })).status).toBe(400);
  });
});

it("holds senders off before memory grows", async () => {
  const token = await tokenFor("events:generic.json");
  const full = Buffer.alloc(15 * 1024 * 1024, 32);
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(token, full)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 202 || status === 429)).toHaveLength(8);
  for (const answer of answers) if (answer.status === 429) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
});
