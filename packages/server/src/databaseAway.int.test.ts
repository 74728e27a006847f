import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { api } from "@corduroy/contract";
import { testDatabase } from "@corduroy/core/store/test";
import { startService, type Service } from "./index.ts";
import { firstAdmin, newBrowser, serviceOptions, type Browser } from "./test/running.ts";

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), "corduroy-away-"));
chmodSync(folder, 0o711);
const LONG = { timeout: 60_000, interval: 20 };
const SOCKET = ".s.PGSQL.5432";
const connections = new Set<Socket>();
const log: string[] = [];
let away = false;
let service: Service;
let admin: Browser;
let token: string;

/** Stands between the service and its database, and lets nothing through while that is away. */
const between = createServer((client) => {
  if (away) client.destroy();
  if (away) return;
  const server = connect(join(database.address.host, SOCKET));
  for (const [one, other] of [[client, server], [server, client]] as const) {
    connections.add(one);
    one.pipe(other);
    one.on("error", () => undefined).on("close", () => {
      connections.delete(one);
      other.destroy();
    });
  }
});

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${service.origin}${path}`, init);
const post = (body: string, key: string): Promise<Response> => ask("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": key }, body });

beforeAll(async () => {
  await new Promise<void>((resolve) => between.listen(join(folder, SOCKET), resolve));
  const { user, password, database: name } = database.address;
  const databaseUrl = `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(folder)}`;
  service = await startService(serviceOptions({ data: join(folder, "data"), databaseUrl, log: (text) => log.push(text) }));
  admin = await firstAdmin(newBrowser(ask), service.setupLink!);
  ({ token } = await admin.call(api.admin.createToken, { body: { name: "app", scopes: ["events:generic.json"], days: 1 } }));
});
afterAll(async () => {
  await service.stop();
  between.close();
  rmSync(folder, { recursive: true, force: true });
});

it("while the database is away everybody is told so and when to come back, and nothing that was received is lost", async () => {
  expect((await post('{"user":"ines"}\n', "a")).status).toBe(202);
  away = true;
  for (const socket of connections) socket.destroy();
  await service.ingest.receiver.spool.seal();

  const answers = await Promise.all([
    post('{"user":"omar"}\n', "b"),
    ask("/v1/findings", { headers: { Authorization: `Bearer ${token}` } }),
    ask("/v1/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email: "anna@example.com", password: "something else 42" }) }),
    ask("/v1/query", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql: "select 1" }) }),
  ]);
  for (const answer of answers) {
    expect([answer.status, Number(answer.headers.get("retry-after")) > 0, await answer.json()]).toEqual([503, true, { type: "about:blank", title: "Unavailable", status: 503, detail: "The database cannot be reached.", hint: "It is tried again by itself; if this goes on, look at the service's log." }]);
  }
  expect([(await ask("/healthz")).status, (await ask("/readyz")).status, (await ask("/")).status]).toEqual([200, 503, 200]);
  // What was received is being tried again.
  await vi.waitFor(() => expect(log.filter((line) => line.includes("The database cannot be reached.")).length).toBeGreaterThan(2), LONG);

  away = false;
  await vi.waitFor(async () => expect((await post('{"user":"omar"}\n', "b")).status).toBe(202), LONG);
  expect(await (await post('{"user":"ines"}\n', "a")).json()).toMatchObject({ repeated: true });
  await service.ingest.receiver.spool.seal();
  while (service.ingest.backlog() > 0) await new Promise(setImmediate);
  const { rows } = await database.pool.query("SELECT sum((counts->>'stored')::int)::int AS stored, sum((counts->>'duplicate')::int)::int AS duplicate FROM lake_batches");
  expect(rows).toEqual([{ stored: 2, duplicate: 0 }]);
  for (const line of log) expect(line).not.toMatch(/Failed query|params:|\bselect\b|insert into|terminated|ECONN|ENOENT|PGSQL/i);
});
