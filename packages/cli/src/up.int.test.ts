import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { firstAdmin, newBrowser } from "@corduroy/server/test";
import { issueCertificate } from "@corduroy/testkit";
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

it("takes syslog where it is told to, and has kept what it says it has kept when it is killed in the middle of a stream", async () => {
  const folder = join(scratch, "syslog");
  const { cert, key } = issueCertificate("localhost");
  for (const [name, pem] of [["cert.pem", cert], ["key.pem", key]] as const) writeFileSync(join(scratch, name), pem);
  const args = ["up", "--data", folder, "--port", "0", "--syslog", "tcp://127.0.0.1:0", "--syslog", `tls://127.0.0.1:0?cert=${scratch}/cert.pem&key=${scratch}/key.pem`];
  const first = startProgram(args);
  await first.prints(/setup#\S+\n/);
  await first.prints(/Syslog is taken at tls:\/\/127\.0\.0\.1:\d+\n/);
  const [origin = "", link = "", port = ""] = [/is up: (\S+)/, /(\S+setup#\S+)/, /taken at tcp:\/\/127\.0\.0\.1:(\d+)/].map((each) => each.exec(first.printed())?.[1]);
  const admin = await firstAdmin(newBrowser((path, init) => fetch(`${origin}${path}`, init)), link);
  const { token } = await admin.call(api.admin.createToken, { body: { name: "mine", scopes: ["write"], days: 1 } });

  const sender = connect(Number(port), "127.0.0.1").on("error", () => undefined);
  await once(sender, "connect");
  let sent = 0;
  const send = (): void => void sender.write(`<13>1 2026-11-18T09:00:00Z web1 app - - - message ${++sent}\n`);
  let kept = 0;
  while (kept < 100) {
    send();
    kept = (await admin.call(api.events.sources)).listeners[0]!.received;
  }
  for (let more = 0; more < 1_000; more++) send();
  first.child.kill("SIGKILL");
  await first.ended;
  sender.destroy();

  const second = startProgram(args);
  await second.prints(/is up: \S+/);
  const [, again = ""] = /is up: (\S+)/.exec(second.printed()) ?? [];
  const env = { CORDUROY_URL: again, CORDUROY_TOKEN: token };
  const counts = async (): Promise<number[]> => (JSON.parse((await runBeside(["query", "select count(*) as n, count(distinct message) as one, coalesce(max(split_part(message, ' ', 2)::int), 0) as last from syslog", "--format", "json"], { env })).stdout) as { n: number; one: number; last: number }[]).flatMap(({ n, one, last }) => [n, one, last]);
  let [n = 0, one = 0, last = 0] = await counts();
  while (n < kept) [n = 0, one = 0, last = 0] = await counts();
  // Each once, and without a hole.
  expect([one, last]).toEqual([n, n]);
  expect(n).toBeLessThanOrEqual(sent);
  const { stdout } = await runBeside(["sources", "list"], { env });
  expect(stdout).toMatch(/syslog {2}tcp:\/\/127\.0\.0\.1:\d+ {2}0 received, 0 connected\nsyslog {2}tls:/);
  second.child.kill("SIGTERM");
  expect(await second.ended).toMatchObject({ status: 0, stderr: "" });

  expect(await runBeside(["up", "--data", folder, "--syslog", "tls://127.0.0.1:0"])).toMatchObject({ status: 2, stderr: expect.stringContaining("needs a certificate and its key") as string });
  expect(await runBeside(["up", "--demo", "--data", join(scratch, "demo"), "--syslog", "udp://127.0.0.1:0"])).toMatchObject({ status: 2, stderr: expect.stringContaining("The demo takes no real events") as string });
});
