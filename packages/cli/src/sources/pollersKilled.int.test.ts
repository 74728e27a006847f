import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { testDatabase } from "@corduroy/core/store/test";
import { firstAdmin, newBrowser } from "@corduroy/server/test";
import { fakeGithub, fakeOkta, type WebFault, type WebServer } from "@corduroy/testkit";
import { afterAll, expect, it, vi } from "vitest";
import { runBeside, startProgram, type Running } from "../../test/programWithService.ts";

const clock = { now: () => new Date(), advance: () => undefined, onAdvance: () => undefined };
const [okta, github] = [await fakeOkta({ clock, pageSize: 3 }), await fakeGithub({ clock, pageSize: 3 })];
const database = testDatabase();
const scratch = mkdtempSync(join(tmpdir(), "pollers-"));
// Queries run as somebody else when we are root, who must be able to pass through.
chmodSync(scratch, 0o711);
afterAll(async () => {
  await Promise.all([okta.stop(), github.stop()]);
  rmSync(scratch, { recursive: true, force: true });
});

/** When the service is killed: the fake does this, and has seen so many more requests, or answered them. */
const KILLS: readonly [when: string, fake: WebServer, fault: WebFault | undefined, seen: "requests" | "answered", more: number][] = [
  ["Okta was asked and says nothing yet", okta, { kind: "hang" }, "requests", 1],
  ["half of an answer of GitHub is out", github, { kind: "half" }, "answered", 1],
  ["GitHub was asked for the next page: the one before is kept", github, undefined, "requests", 2],
  ["an answer of Okta is out", okta, undefined, "answered", 1],
  ["three more pages of Okta are out, and what came first is on its way into the lake", okta, undefined, "answered", 4],
];

const ids: string[] = [];
/** Six events happen in each of the two logs, some minutes ago. */
function happen(): void {
  for (let n = 0; n < 6; n++) {
    const at = Date.now() - 600_000 + ids.length;
    const id = `6f1c2d3e-0a4b-11ef-9c1a-${String(ids.length).padStart(12, "0")}`;
    const key = `key-${id}`;
    ids.push(id, key);
    okta.keep({ uuid: id, published: new Date(at).toISOString(), eventType: "user.session.start", displayMessage: "User login to Okta", severity: "INFO", actor: { id: "00u1", type: "User", alternateId: "ines@corp.example", displayName: "Ines" }, outcome: { result: "SUCCESS" } });
    github.entries.push({ "@timestamp": at, "created_at": at, "_document_id": key, "action": "repo.create", "actor": "ines", "org": "corp" });
  }
}

it("loses no event of a vendor and has none twice, whenever the service is killed", async () => {
  // Without rules to read, each of its starts is a quick one.
  const rules = join(scratch, "rules");
  mkdirSync(rules);
  writeFileSync(join(rules, "one.yml"), "title: One\nid: 5d7c1ec2-45a4-42ca-b3ce-497786000001\nlogsource: { product: okta, service: okta }\ndetection: { sel: { eventType: none }, condition: sel }\nlevel: low\n");
  const data = join(scratch, "data");
  const { user, password, host, database: name } = database.address;
  const env = { DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}` };
  let origin = "";
  const start = async (): Promise<Running> => {
    const service = startProgram(["up", "--data", data, "--port", "0", "--rules", rules, "--workers", "1", "--allow-host", okta.place, "--allow-host", github.place], { env });
    await service.prints(/is up: \S+/);
    [, origin = ""] = /is up: (\S+)/.exec(service.printed()) ?? [];
    return service;
  };

  let service = await start();
  await service.prints(/setup#\S+\n/);
  const admin = await firstAdmin(newBrowser((path, init) => fetch(`${origin}${path}`, init)), /\S+setup#\S+/.exec(service.printed())![0]);
  const { token } = await admin.call(api.admin.createToken, { body: { name: "mine", scopes: ["write"], days: 1 } });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  for (const [number, [when, fake, fault, seen, more]] of KILLS.entries()) {
    happen();
    fake.fail(fault);
    const enough = fake[seen].length + more;
    if (number === 0) {
      for (const reach of [{ kind: "okta" as const, address: okta.origin, token: okta.token }, { kind: "github" as const, address: github.origin, organisation: github.organisation, token: github.token }]) await admin.call(api.events.addCollector, { body: { reach, since } });
    } else {
      service = await start();
    }
    while (fake[seen].length < enough) {
      expect(service.child.exitCode, `${when}: ${service.printed()}`).toBeNull();
      await new Promise(setImmediate);
    }
    service.child.kill("SIGKILL");
    await service.ended;
    fake.fail();
  }

  happen();
  service = await start();
  const stored = async (): Promise<number> => (await admin.call(api.events.sources)).items.reduce((sum, { events }) => sum + events, 0);
  const waiting = (): string[] => readdirSync(join(data, "spool")).filter((file) => file.endsWith(".seg"));
  await vi.waitFor(async () => expect([await stored(), waiting()]).toEqual([ids.length, []]), { timeout: 60_000, interval: 100 });
  const asked = await runBeside(["query", "select coalesce(json_extract_string(raw_data, '$.uuid'), json_extract_string(raw_data, '$._document_id')) as id from events", "--format", "json"], { env: { CORDUROY_URL: origin, CORDUROY_TOKEN: token } });
  expect((JSON.parse(asked.stdout) as { id: string }[]).map(({ id }) => id).sort()).toEqual([...ids].sort());
  expect((await admin.call(api.events.sources)).items.flatMap(({ collectors, dead }) => collectors.map(({ problem }) => [problem, dead]))).toEqual([[null, 0], [null, 0]]);
  service.child.kill("SIGTERM");
  expect(await service.ended).toMatchObject({ status: 0, stderr: "" });
}, 240_000);
