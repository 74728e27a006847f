import fc from "fast-check";
import { expect, it } from "vitest";
import { latestManifest, sealedManifest, type BackupManifest } from "./manifest.ts";

const made = (at: number): BackupManifest => ({ format: 1, version: "0.0.0", at: new Date(at).toISOString(), migrations: [{ at: 1, hash: "" }], tables: [], parts: [], spool: [], keys: null });

it("comes behind all backups that are there, wherever the clock jumps, and has its time in its name where it can", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: Date.UTC(2200, 0) }), { minLength: 1 }), (times) => {
      const names: string[] = [];
      for (const at of times) {
        const { name } = sealedManifest(made(at), names);
        expect(latestManifest([...names, name])).toBe(name);
        names.push(name);
      }
    }),
  );
  expect(sealedManifest(made(Date.UTC(2026, 10, 18, 9)), ["backups/20251118T090000000Z-0.json"]).name).toMatch(/^backups\/20261118T090000000Z-[0-9a-f]{64}\.json$/);
});

it("passes over names that are none, and times that are none", () => {
  const name = `backups/20261118T090000000Z-${"a".repeat(64)}.json`;
  expect(latestManifest([name, `backups/99999999T999999999Z-${"a".repeat(64)}.json`, "backups/x.tmp"])).toBe(name);
  expect(latestManifest([])).toBeUndefined();
});
