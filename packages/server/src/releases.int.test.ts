import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { restore, startService } from "./index.ts";
import { holdingsOf, type Holdings } from "./test/holdings.ts";
import { serviceOptions } from "./test/running.ts";

/** A small backup of each release, made by that release (tools/make-data-fixture.ts). */
const releases = fileURLToPath(new URL("../test/releases", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "corduroy-releases-"));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(readdirSync(releases))("data of release %s are taken over as they were", async (release) => {
  const data = join(folder, release);
  const { installation } = serviceOptions({ data, databaseUrl: null });
  await restore({ place: join(releases, release), backup: null, data, databaseUrl: null, passphrase: null, withoutKeys: true, migrations: installation.migrations });
  const service = await startService(serviceOptions({ data, databaseUrl: null }));
  await service.stop();
  const expected = JSON.parse(readFileSync(join(releases, release, "expected.json"), "utf8")) as Holdings;
  const { trail, ...found } = await holdingsOf(data, installation.queryEntry);
  expect(found).toEqual({ findings: expected.findings, events: expected.events });
  expect(trail).toBeGreaterThanOrEqual(expected.trail);
});
