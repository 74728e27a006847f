import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { estate } from "@corduroy/estate";
import { firstAdmin, newBrowser } from "@corduroy/server/test";
import { afterAll, expect, it } from "vitest";
import { startProgram, type Running } from "../test/programWithService.ts";

const scratch = mkdtempSync(join(tmpdir(), "demo-up-"));
// PostgreSQL and queries run as somebody else when we are root, who must be able to pass through.
chmodSync(scratch, 0o711);
const data = join(scratch, "data");
const running: Running[] = [];
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGTERM");
    await ended;
  }
  rmSync(scratch, { recursive: true, force: true });
});

function up(): Running {
  const service = startProgram(["up", "--demo", "--data", data, "--port", "0"]);
  running.push(service);
  return service;
}

async function stopped({ child, ended }: Running, signal: "SIGTERM" | "SIGKILL"): Promise<string> {
  child.kill(signal);
  const { stdout, stderr } = await ended;
  return stdout + stderr;
}

it("shows a company with a break-in yesterday, however often it is started", async () => {
  const cut = up();
  await cut.prints("Making the last days");
  await stopped(cut, "SIGKILL");

  const service = up();
  await service.prints(/setup#\S+\n/);
  const output = await stopped(service, "SIGTERM");
  expect(output).toMatch(/[\d,]+ events are in the lake\./);

  const again = up();
  await again.prints(/setup#\S+\n/);
  const { day, until } = JSON.parse(readFileSync(join(data, "demo.json"), "utf8")) as { day: string; until: number };
  const made = new Set<string>();
  const company = estate({ seed: 7, day, days: 2, events: 18_000, breach: true });
  for (const { records } of company.files()) {
    for (const record of records) {
      const { eventID, eventTime } = JSON.parse(record) as { eventID: string; eventTime: string };
      if (Date.parse(eventTime) <= until) made.add(eventID);
    }
  }
  expect(made.size).toBeGreaterThan(5_000);
  expect(made.size).toBeLessThan(20_000);

  const [, origin = ""] = /is up: (\S+)/.exec(again.printed()) ?? [];
  const [link = ""] = /\S+setup#\S+/.exec(again.printed()) ?? [];
  const admin = await firstAdmin(newBrowser((path, init) => fetch(`${origin}${path}`, init)), link);
  const { items: sources } = await admin.call(api.events.sources);
  expect(sources.find(({ id }) => id === "aws.cloudtrail")).toMatchObject({ events: made.size, dead: 0 });
  const { items: findings } = await admin.call(api.findings.list, { query: { limit: 200 } });
  expect(findings.slice(0, 5).map(({ entity, firstSeen }) => [entity.name, firstSeen.slice(0, 10)])).toContainEqual([company.breach!.userName, day]);
  const { token } = await admin.call(api.admin.createToken, { body: { name: "mine", scopes: ["events:*"], days: 1 } });
  const refused = await fetch(`${origin}/v1/events/generic.json`, { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: "{}" });
  expect(refused.status).toBe(403);
  expect(await stopped(again, "SIGTERM")).not.toContain("Making");
});
