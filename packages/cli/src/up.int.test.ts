import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { firstAdmin, newBrowser } from "@corduroy/server/test";
import { afterAll, expect, it } from "vitest";
import { runBeside, startProgram } from "../test/programWithService.ts";

const scratch = mkdtempSync(join(tmpdir(), "up-"));
// PostgreSQL runs as somebody else when we are root, who must be able to pass through.
chmodSync(scratch, 0o711);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const data = join(scratch, "data");
const up = ["up", "--data", data, "--port", "0", "--mail-from", "corduroy@example.com"];

/** What the processes below this one were started with (Linux). */
function environmentsBelow(pid: number): string[] {
  const parents = new Map(
    readdirSync("/proc").flatMap((name) => {
      try {
        return /^\d+$/.test(name) ? [[Number(name), Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]!.split(" ")[1])] as const] : [];
      } catch {
        return [];
      }
    }),
  );
  const below = [...parents.keys()].filter((each) => {
    for (let at = parents.get(each); at !== undefined; at = parents.get(at)) if (at === pid) return true;
    return false;
  });
  return below.map((each) => readFileSync(`/proc/${each}/environ`, "latin1"));
}

it("opens its keys with the one in the environment, which none of its processes is given, and with no other", async () => {
  const key = "ab".repeat(32);
  const service = startProgram(up, { env: { CORDUROY_KEY: key, SMTP_URL: "smtp://user:hunter2@127.0.0.1:9", AWS_REGION: "eu-west-1" } });
  await service.prints(/setup#\S+\n/);
  const [, origin = ""] = /is up: (\S+)/.exec(service.printed()) ?? [];
  const [link = ""] = /\S+setup#\S+/.exec(service.printed()) ?? [];
  const admin = await firstAdmin(newBrowser((path, init) => fetch(`${origin}${path}`, init)), link);
  const { token } = await admin.call(api.admin.createToken, { body: { name: "mine", scopes: ["events:*"], days: 1 } });
  expect((await fetch(`${origin}/v1/events/generic.json`, { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: "{}" })).status).toBe(202);
  while ((await admin.call(api.events.sources)).items.every(({ events }) => events === 0)) await new Promise(setImmediate);
  const environments = environmentsBelow(service.child.pid!);
  // PostgreSQL's processes, and a worker, which may need the region.
  expect(environments.some((each) => each.includes("AWS_REGION=eu-west-1"))).toBe(true);
  for (const each of environments) expect(each).not.toMatch(/hunter2|CORDUROY_KEY|abab/);
  service.child.kill("SIGTERM");
  expect(await service.ended).toMatchObject({ status: 0, stderr: "" });
  for (const name of ["data.key", "audit.key"]) expect(readFileSync(join(data, "secrets", name), "latin1")).toMatch(/^env:v1\./);

  expect(await runBeside(up)).toEqual({ status: 2, stdout: "", stderr: `corduroy: The key in ${join(data, "secrets/data.key")} is encrypted, and no key is given to open it.\n  Set CORDUROY_KEY to the key that it was encrypted with.\n` });
  expect(await runBeside(up, { env: { CORDUROY_KEY: "cd".repeat(32) } })).toMatchObject({ status: 2, stderr: expect.stringContaining("sealed with another key") as string });
  expect(await runBeside(up, { env: { CORDUROY_KEY: "hunter2" } })).toMatchObject({ status: 2, stderr: "corduroy: CORDUROY_KEY is no key.\n  A key is 64 hex digits: openssl rand -hex 32\n" });
});
