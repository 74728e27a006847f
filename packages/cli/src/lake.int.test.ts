import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { startService, type Service } from "@corduroy/server";
import { firstAdmin, newBrowser, serviceOptions, type Browser } from "@corduroy/server/test";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runBeside, startProgram } from "../test/programWithService.ts";

const home = mkdtempSync(join(tmpdir(), "corduroy-rebuild-"));
chmodSync(home, 0o711);
const data = join(home, "data");
let service: Service | null = null;
let admin: Browser;

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${service!.origin}${path}`, init);
const rebuild = (): ReturnType<typeof runBeside> => runBeside(["lake", "rebuild", "--data", data]);

async function start(): Promise<void> {
  service = await startService(serviceOptions({ data, databaseUrl: null }));
  admin = await firstAdmin(newBrowser(ask), service.setupLink!);
}
async function stop(): Promise<void> {
  await service?.stop();
  service = null;
}
async function send(body: string): Promise<void> {
  const { token } = await admin.call(api.admin.createToken, { body: { name: "t", scopes: ["events:*"], days: 1 } });
  expect((await ask("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body })).status).toBe(202);
}
async function settled(): Promise<void> {
  await service!.ingest.receiver.spool.seal();
  while (service!.ingest.backlog() > 0) await new Promise(setImmediate);
}
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, index) => `{"n":${from + index}}\n`).join("");

beforeAll(start);
afterAll(async () => {
  await stop();
  rmSync(home, { recursive: true, force: true });
});

it("a lake whose database is lost is there again after a rebuild, with every event once", async () => {
  for (const from of [0, 10, 20]) {
    await send(lines(from, from + 10));
    await settled();
  }
  await send('{"broken\n');
  await settled();
  const running = await rebuild();
  expect(running).toMatchObject({ status: 2, stdout: "" });
  expect(running.stderr).toContain(`corduroy: The data folder ${data} is in use by process ${process.pid} on this machine, since `);

  // Received and perhaps not in the lake yet.
  await send(lines(30, 35));
  await stop();
  const known = await rebuild();
  expect(known).toMatchObject({ status: 2, stdout: "" });
  expect(known.stderr).toContain("corduroy: There is a manifest, and it is not empty.\n  To make it anew, begin with an empty database: move the folder postgres out of the data folder");

  renameSync(join(data, "postgres"), join(home, "lost"));
  const { status, stdout, stderr } = await rebuild();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^In the lake again: 3[05] events and 1 dead letter, in [45] parts of [45] batches\.\n/);
  expect(stdout).toContain(`Start it with: corduroy up --data ${data}\n`);
  expect((await rebuild()).status).toBe(2);

  await start();
  await settled();
  const answer = await admin.raw("/v1/query", { sql: "select count(*) as n, count(distinct raw_data) as different from generic_json" });
  expect(await answer.text()).toContain('{"row":[35,35]}');
  expect((await admin.call(api.admin.checkLake)).problems).toEqual([]);
});

it("what is no data folder is told so, and left as it is", async () => {
  const { status, stderr } = await runBeside(["lake", "rebuild", "--data", join(home, "nothing")]);
  expect({ status, stderr }).toEqual({ status: 2, stderr: `corduroy: ${join(home, "nothing")} is not a data folder of Corduroy.\n  Name the folder of the service with --data.\n` });
});

it("a second server on a data folder refuses, and says who has it", async () => {
  const marker = readFileSync(join(data, "corduroy.json"), "utf8");
  const second = startProgram(["up", "--data", data, "--port", "0"]);
  const { status, stdout, stderr } = await second.ended;
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(new RegExp(`^corduroy: The data folder ${data} is in use by process ${process.pid} on this machine, since [0-9TZ:.-]+\\.\n  Wait until process ${process.pid} has ended, or end it\\.`));
  expect(readFileSync(join(data, "corduroy.json"), "utf8")).toBe(marker);
  expect((await ask("/readyz")).status).toBe(200);
});
