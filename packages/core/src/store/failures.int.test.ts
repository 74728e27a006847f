import { createServer, connect, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { Unavailable } from "../kernel/index.ts";
import { inTransaction, openDatabase, type Database } from "./database.ts";
import { isConnectionFailure, sqlState } from "./failures.ts";
import { testDatabase } from "./test/index.ts";

const test = testDatabase();
const folder = mkdtempSync(join(tmpdir(), "corduroy-cut-"));
const SOCKET = ".s.PGSQL.5432";
const open = new Set<Socket>();
let through: Database;
const between = createServer((client) => {
  const server = connect(join(test.address.host, SOCKET));
  for (const [one, other] of [[client, server], [server, client]] as const) {
    open.add(one);
    one.pipe(other);
    one.on("error", () => undefined).on("close", () => other.destroy());
  }
});

beforeAll(async () => {
  await new Promise<void>((resolve) => between.listen(join(folder, SOCKET), resolve));
  through = openDatabase({ ...test.address, host: folder });
});
afterAll(async () => {
  await through.close();
  between.close();
  rmSync(folder, { recursive: true, force: true });
});

const SECRET = "hash-of-a-token";

it("a statement that fails is told without its text and its parameters, in a transaction too", async () => {
  const statement = sql`INSERT INTO receipts (sender) VALUES (${SECRET})`;
  const told = (attempt: Promise<unknown>): Promise<Error> => attempt.then(() => new Error("it did not fail"), (error: Error) => error);
  for (const error of [await told(test.db.execute(statement)), await told(inTransaction(test.ctx(), ({ db }) => db.execute(statement)))]) {
    expect(error.message).toBe("The database refuses a statement (23502, receipts).");
    expect(`${error.stack}`).not.toMatch(/INSERT|hash-of/i);
    expect(sqlState(error)).toBe("23502");
  }
});

it("a database that goes away is told in the same words everywhere, and comes back by itself", async () => {
  const ctx = { ...test.ctx(), db: through.db };
  const cut = (): void => open.forEach((socket) => socket.destroy());
  const attempts = [
    () => Promise.all([through.db.execute(sql`SELECT pg_sleep(60), ${SECRET}::text`), through.db.execute(sql`SELECT 1`).then(cut)]),
    () => inTransaction(ctx, async ({ db }) => Promise.all([db.execute(sql`SELECT pg_sleep(60), ${SECRET}::text`), through.db.execute(sql`SELECT 1`).then(cut)])),
    () => inTransaction(ctx, async ({ db }) => {
      await db.execute(sql`SELECT 1`);
      cut();
    }),
  ];
  for (const attempt of attempts) {
    const error = await attempt().then(() => null, (failure: unknown) => failure);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ message: "The database cannot be reached.", hint: expect.stringContaining("tried again") as string });
    expect(isConnectionFailure(error)).toBe(true);
    await vi.waitFor(async () => expect((await through.db.execute(sql`SELECT 1 AS one`)).rows).toEqual([{ one: 1 }]), { timeout: 60_000, interval: 20 });
  }
});

it("a database that is there and never answers is told in the same words, and a host that vanishes is noticed", async () => {
  expect(through.pool.options).toMatchObject({ keepAlive: true, keepAliveInitialDelayMillis: 10_000 });
  const ctx = { ...test.ctx(), db: through.db };
  for (const attempt of [() => through.db.execute(sql`SELECT pg_sleep(60)`), () => inTransaction(ctx, ({ db }) => db.execute(sql`SELECT pg_sleep(60)`))]) {
    await through.db.execute(sql`SELECT 1`);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const errors: unknown[] = [];
    const ended = attempt().catch((failure: unknown) => errors.push(failure));
    // Hours in no time.
    for (let hours = 0; errors.length === 0 && hours < 5_000; hours++) {
      await new Promise(setImmediate);
      vi.advanceTimersByTime(3_600_000);
    }
    vi.useRealTimers();
    expect(errors).toMatchObject([{ message: "The database cannot be reached." }]);
    expect(isConnectionFailure(errors[0])).toBe(true);
    await ended;
  }
});

it("a file that is not there is not a database that is not there; a broken pipe is", () => {
  expect(isConnectionFailure(Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open" }))).toBe(false);
  expect(isConnectionFailure(Object.assign(new Error("connect"), { code: "ENOENT", syscall: "connect" }))).toBe(true);
  expect(isConnectionFailure(Object.assign(new Error("write"), { code: "EPIPE", syscall: "write" }))).toBe(true);
});
