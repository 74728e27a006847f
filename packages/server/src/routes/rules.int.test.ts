import { cpSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { testService } from "../test/running.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-rules-"));
cpSync(fileURLToPath(new URL("../../../../content/rules", import.meta.url)), join(folder, "rules"), { recursive: true });
const test = testService({ rules: [join(folder, "rules")], onStop: async () => rmSync(folder, { recursive: true }) });

it("shows the rules again once their files can be read again", async () => {
  renameSync(join(folder, "rules"), join(folder, "away"));
  await expect(test.admin.call(api.rules.list)).rejects.toMatchObject({ problem: { status: 500 } });
  renameSync(join(folder, "away"), join(folder, "rules"));
  expect((await test.admin.call(api.rules.list)).items.length).toBeGreaterThan(10);
});
