import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase, type Database } from "../database.ts";
import { startPostgres, type EmbeddedPostgres } from "./postgres.ts";

let folder: string;
const running: (EmbeddedPostgres | Database)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "corduroy-pg-"));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await ("stop" in each ? each.stop() : each.close());
  rmSync(folder, { recursive: true, force: true });
});

const start = async (onEvent: (text: string) => void = () => undefined): Promise<EmbeddedPostgres> => {
  const server = await startPostgres({ folder: join(folder, "postgres"), passwordFile: join(folder, "password"), sync: false, onEvent });
  running.push(server);
  return server;
};
const open = (server: EmbeddedPostgres): Database => {
  const database = openDatabase({ ...server.address, database: "postgres" });
  running.push(database);
  return database;
};
const ask = async ({ pool }: Database, sql: string): Promise<unknown> => Object.values(((await pool.query(sql)).rows[0] ?? {}) as object)[0];
async function eventually(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise(setImmediate);
    }
  }
}

it("keeps what was committed from one start to the next, and is reached by its password alone", async () => {
  const server = await start();
  const database = open(server);
  await ask(database, "CREATE TABLE kept AS SELECT 1 AS one");
  const stranger = openDatabase({ ...server.address, password: "guess", database: "postgres" });
  running.push(stranger);
  await expect(ask(stranger, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  expect(statSync(join(folder, "password")).mode & 0o777).toBe(0o600);
  await database.close();
  running.splice(running.indexOf(database), 1);
  await server.stop();
  const again = open(await start());
  expect(await ask(again, "SELECT one FROM kept")).toBe(1);
  expect(await ask(again, "SELECT current_setting('listen_addresses')")).toBe("");
});

it("is started again when it was killed", async () => {
  let tell!: (text: string) => void;
  const told = new Promise<string>((resolve) => (tell = resolve));
  const server = await start(tell);
  const database = open(server);
  await ask(database, "CREATE TABLE kept AS SELECT 1 AS one");
  process.kill(server.pid()!, "SIGKILL");
  expect(await told).toBe("The database has ended unexpectedly and is started again.");
  expect(await eventually(() => ask(database, "SELECT one FROM kept"))).toBe(1);
});

it("is started again and again until it comes up", async () => {
  const control = join(folder, "postgres/data/global/pg_control");
  let tell!: () => void;
  const given = new Promise<void>((resolve) => (tell = resolve));
  const server = await start((text) => text.startsWith("The database does not start: ") && text.includes("pg_control") && tell());
  const database = open(server);
  await ask(database, "CREATE TABLE kept AS SELECT 1 AS one");
  renameSync(control, `${control}.away`);
  process.kill(server.pid()!, "SIGKILL");
  await given;
  renameSync(`${control}.away`, control);
  expect(await eventually(() => ask(database, "SELECT one FROM kept"))).toBe(1);
});

it("takes the place of an orphan whose parent was killed", async () => {
  const root = fileURLToPath(new URL("../../../../..", import.meta.url));
  const parent = spawn(process.execPath, ["tools/run-ts.mjs", "packages/core/src/store/test/killedParent.ts", folder], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const [orphan] = (await once(parent.stdout, "data")) as [Buffer];
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const server = await start();
  expect(await ask(open(server), "SELECT one FROM kept")).toBe(1);
  expect(server.pid()).not.toBe(Number(orphan.toString("utf8")));
});
