import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { openKey, sealAudit, signingKey } from "@corduroy/core/identity";
import { Conflict, Forbidden, Invalid, NotFound, Unavailable } from "@corduroy/core/kernel";
import { fakeS3, heldUntil, type FakeS3 } from "@corduroy/testkit";
import { backUp, restore, startService, type BackupReport, type RestoreReport, type Service } from "../index.ts";
import { serviceOptions, testService } from "../test/running.ts";
import { latestManifest, MANIFESTS, openManifest } from "./manifest.ts";

const PASSPHRASE = "slate meadow 41 lantern";
const test = testService();
const migrations = serviceOptions({ data: "", databaseUrl: null }).installation.migrations;
let place: string;
let data: string;
let token: string;
let n = 0;

const backup = (change: Partial<Parameters<typeof backUp>[0]> = {}): Promise<BackupReport> => backUp({ data, databaseUrl: test.databaseUrl, place, passphrase: PASSPHRASE, version: "0.0.0", ...change });
const restored = (folder: string, change: Partial<Parameters<typeof restore>[0]> = {}): Promise<RestoreReport> => restore({ place, backup: null, data: folder, databaseUrl: null, passphrase: PASSPHRASE, withoutKeys: false, migrations, ...change });
/** A new name in the folder of the test. */
function newFolder(): string {
  const parent = mkdtempSync(join(test.folder, "restore-"));
  chmodSync(parent, 0o711);
  return join(parent, "data");
}

async function send(eventName: string): Promise<void> {
  const record = { eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24", userIdentity: { type: "IAMUser", userName: "dana\u2028é", accountId: "111122223333" }, eventID: randomUUID(), recipientAccountId: "111122223333" };
  const answer = await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ Records: [record] }) });
  expect(answer.status).toBe(202);
  n++;
}
async function settled(service: Service): Promise<void> {
  await service.ingest.receiver.spool.seal();
  while (service.ingest.backlog() > 0) await new Promise(setImmediate);
}
const stored = (): string[] => readdirSync(join(place, "objects"), { recursive: true, encoding: "utf8" });

/** All that a person sees of a service. */
async function seen(): Promise<object> {
  const asked = await test.admin.raw("/v1/query", { sql: "select operation, actor_name, count(*) as many from aws_cloudtrail group by all order by 1" });
  return {
    findings: await test.admin.call(api.findings.list, { query: { state: "all" } }),
    users: await test.admin.call(api.admin.users, { query: {} }),
    tokens: (await test.admin.call(api.admin.tokens, { query: {} })).items.map(({ id, name }) => [id, name]),
    trail: (await test.admin.call(api.admin.audit, { query: { limit: 200 } })).items.filter(({ action }) => action !== "backup.run" && action !== "lake.query"),
    answer: (await asked.text()).split("\n").filter((line) => !line.includes('"end"')),
  };
}
/** Has the browser of the first admin look at another service for a while. */
async function lookingAt<T>(service: Service, look: () => Promise<T>): Promise<T> {
  const own = test.service;
  test.service = service;
  try {
    return await look();
  } finally {
    test.service = own;
  }
}

beforeAll(async () => {
  place = join(test.folder, "backups-of-a-service");
  data = join(test.folder, "data");
  ({ token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: ["events:aws.cloudtrail"], days: 30 } }));
  await send("StopLogging");
  await send("GetTrail");
  await settled(test.service);
  await sealAudit(test.database.ctx(), { key: signingKey(await openKey(join(data, "secrets/audit.key"), "audit", null)) });
});

describe("a backup of a running service", () => {
  it("is restored as a service that shows and answers the same, and whose trail is whole", async () => {
    const before = await seen();
    const report = await backup();
    expect(report).toMatchObject({ parts: 2, keys: true });
    const folder = newFolder();
    expect(await restored(folder)).toMatchObject({ parts: 2, keys: true, rows: report.rows });
    const service = await startService(serviceOptions({ data: folder, databaseUrl: null }));
    try {
      expect(service.setupLink).toBeNull();
      expect(await lookingAt(service, seen)).toEqual(before);
      expect(await lookingAt(service, () => test.admin.call(api.admin.verifyAudit))).toMatchObject({ intact: true, rows: expect.any(Number) as number });
      expect(readFileSync(join(folder, "secrets/data.key"))).toEqual(readFileSync(join(data, "secrets/data.key")));
      // It goes on from there, and can be backed up itself, while its own PostgreSQL runs and when it does not.
      await lookingAt(service, async () => {
        await send("GetTrail");
        await settled(service);
      });
      expect(await backup({ data: folder, databaseUrl: null, place: join(test.folder, "second") })).toMatchObject({ parts: 3 });
    } finally {
      await service.stop();
    }
    n--;
    expect(await backup({ data: folder, databaseUrl: null, place: join(test.folder, "second") })).toMatchObject({ parts: 3 });
  });

  it("has what was received before it began, once, wherever that was", async () => {
    for (let each = 0; each < 3; each++) {
      await send("ListTrails");
      await backup();
    }
    await settled(test.service);
    const folder = newFolder();
    await restored(folder);
    const service = await startService(serviceOptions({ data: folder, databaseUrl: null }));
    try {
      await settled(service);
      const { items } = await lookingAt(service, () => test.admin.call(api.events.sources));
      expect(items.find(({ id }) => id === "aws.cloudtrail")).toMatchObject({ events: n, duplicates: 0 });
    } finally {
      await service.stop();
    }
  });

  it("is the latest, or the one that is named, whatever the clock said", async () => {
    const own = join(test.folder, "clock");
    const { name: first } = await backup({ place: own, passphrase: null });
    // As if that had been made before the clock was set back by years.
    const future = first.replace(/\/\d{8}/, "/20990101");
    renameSync(join(own, first), join(own, future));
    const { name: second } = await backup({ place: own, passphrase: null });
    const [earlier, later] = [future, second].map((name) => openManifest(name, readFileSync(join(own, name), "utf8")).at);
    expect(await restored(newFolder(), { place: own, passphrase: null })).toMatchObject({ at: later });
    expect(await restored(newFolder(), { place: own, backup: future, passphrase: null })).toMatchObject({ at: earlier });
    expect(earlier).not.toBe(later);
  });

  it("sends only what is new", async () => {
    await settled(test.service);
    await backup({ passphrase: null });
    const before = new Set(stored());
    const again = await backup({ passphrase: null });
    expect(again.sent).toBeLessThan(again.bytes / 2);
    // Nothing but the trail has changed: the backup before is in it.
    expect(stored().filter((name) => !before.has(name)).length).toBeLessThanOrEqual(4);
    expect(stored().filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a backup in a bucket", () => {
  let s3: FakeS3;
  beforeAll(async () => {
    s3 = await fakeS3({ buckets: { safe: {} } });
    Object.assign(process.env, s3.env);
  });
  afterAll(() => s3.stop());
  const puts = (): string[] => s3.requests.filter(({ operation }) => operation === "PutObject").map(({ key }) => key);

  it("is sent once, and restored", async () => {
    await settled(test.service);
    await backup({ place: "s3://safe/corduroy" });
    const first = puts();
    expect(new Set(first).size).toBe(first.length);
    await backup({ place: "s3://safe/corduroy" });
    expect(puts().length - first.length).toBeLessThan(first.length);
    expect(new Set(puts()).size).toBe(puts().length);
    const folder = newFolder();
    expect(await restored(folder, { place: "s3://safe/corduroy" })).toMatchObject({ keys: true });
    await expect(backup({ place: "s3://safe?/corduroy" })).rejects.toThrow(Invalid);
    await expect(backup({ place: "s3://absent/corduroy" })).rejects.toThrow("NoSuchBucket");
  });

  it("begins again when a part was replaced before its turn", async () => {
    let letGo!: () => void;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    s3.fail(({ operation }) => (operation === "PutObject" ? heldUntil(gate) : undefined));
    await send("DescribeTrails");
    await settled(test.service);
    const done = backup({ place: "s3://safe/other", passphrase: null });
    while (s3.requests.at(-1)?.operation !== "PutObject") await new Promise(setImmediate);
    const { rows } = await test.database.pool.query<{ path: string }>("SELECT path FROM lake_parts WHERE kind = 'events' ORDER BY path DESC LIMIT 1");
    const path = join(data, "lake", rows[0]!.path);
    const content = readFileSync(path);
    await test.database.pool.query("UPDATE lake_parts SET replaced_at = now() WHERE path = $1", [rows[0]!.path]);
    rmSync(path);
    s3.fail();
    letGo();
    const { parts } = await done;
    const { rows: left } = await test.database.pool.query<{ parts: number }>("SELECT count(*)::int AS parts FROM lake_parts WHERE replaced_at IS NULL");
    expect(parts).toBe(left[0]!.parts);
    await test.database.pool.query("UPDATE lake_parts SET replaced_at = NULL WHERE path = $1", [rows[0]!.path]);
    await expect(backup({ place: "s3://safe/lost" })).rejects.toThrow("is not there");
    writeFileSync(path, content);
  });
});

describe("keys", () => {
  it("are restored by their passphrase alone, and left out where none is given", async () => {
    await backup();
    await expect(restored(newFolder(), { passphrase: "another" })).rejects.toThrow(Forbidden);
    await expect(restored(newFolder(), { passphrase: null })).rejects.toThrow(Invalid);
    const folder = newFolder();
    expect(await restored(folder, { passphrase: null, withoutKeys: true })).toMatchObject({ keys: false });
    expect(readdirSync(join(folder, "secrets"))).toEqual(["postgres"]);
    const plain = readFileSync(join(data, "secrets/data.key"), "utf8").trim();
    const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    for (const each of files) expect(each.includes(plain) || each.includes(Buffer.from(plain).toString("base64"))).toBe(false);
  });
});

describe("what is not restored", () => {
  it("is anything into a folder or database with something in it, and a folder that was cut short is no service", async () => {
    await expect(restored(data)).rejects.toThrow(Conflict);
    await expect(restored(newFolder(), { databaseUrl: test.databaseUrl })).rejects.toThrow(Conflict);
    await expect(restored(newFolder(), { place: join(test.folder, "nowhere") })).rejects.toThrow(NotFound);
    await expect(backup({ data: newFolder() })).rejects.toThrow(NotFound);
    const folder = newFolder();
    await expect(restored(folder, { passphrase: "another" })).rejects.toThrow(Forbidden);
    await expect(startService(serviceOptions({ data: folder, databaseUrl: null }))).rejects.toThrow("holds other files");
    await expect(restored(folder)).rejects.toThrow(Conflict);
  });

  it("is a backup that is not there", async () => {
    await expect(restored(newFolder(), { backup: "backups/nothing.json" })).rejects.toThrow("There is no backup backups/nothing.json in ");
  });

  it("is a damaged backup, whatever of it is damaged", async () => {
    const { name } = await backup();
    const manifest = openManifest(name, readFileSync(join(place, name), "utf8"));
    const objects = [manifest.parts[0]!, manifest.tables.find(({ name: table }) => table === "findings")!, manifest.keys!].map(({ digest }) => `objects/${digest.slice(0, 2)}/${digest}`);
    for (const damaged of [...objects, name]) {
      const path = join(place, damaged);
      const good = readFileSync(path);
      const bad = Buffer.from(good);
      bad[Math.floor(bad.length / 2)]! ^= 1;
      writeFileSync(path, bad);
      await expect(restored(newFolder()), damaged).rejects.toThrow(Unavailable);
      writeFileSync(path, good);
    }
    rmSync(join(place, objects[0]!));
    await expect(restored(newFolder())).rejects.toThrow(NotFound);
  });

  it("is a backup of a newer version", async () => {
    await test.database.pool.query("INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('of the future', 9999999999999)");
    const newer = join(test.folder, "newer");
    await backup({ place: newer });
    await test.database.pool.query("DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 9999999999999");
    await expect(restored(newFolder(), { place: newer })).rejects.toThrow("newer version");
  });

  it("is a lake with a damaged part: the backup says which", async () => {
    // Once nothing is left to merge, no schedule replaces the part meanwhile.
    await test.service.ingest.upkeep.compact(test.database.ctx());
    const { rows } = await test.database.pool.query<{ path: string }>("SELECT path FROM lake_parts WHERE kind = 'events' AND replaced_at IS NULL ORDER BY path LIMIT 1");
    const path = join(data, "lake", rows[0]!.path);
    const good = readFileSync(path);
    writeFileSync(path, Buffer.concat([good.subarray(0, -1), Buffer.from("x")]));
    await expect(backup({ place: join(test.folder, "third") })).rejects.toThrow(`${path} is damaged`);
    writeFileSync(path, good);
    expect(latestManifest(readdirSync(join(test.folder, "third"), { recursive: true, encoding: "utf8" }).filter((each) => each.startsWith(MANIFESTS)))).toBeUndefined();
  });
});
