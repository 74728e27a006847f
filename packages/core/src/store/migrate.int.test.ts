import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { Unavailable } from "../kernel/index.ts";
import { appliedMigrations, migrate } from "./migrate.ts";
import { tablesOf } from "./dump.ts";
import { testDatabase } from "./test/index.ts";

const test = testDatabase();

/** The migrations of this program and these steps behind them, as a later version would have them. */
function later(...steps: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(fileURLToPath(new URL("./migrations", import.meta.url)), folder, { recursive: true });
  const path = join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(path, "utf8")) as { entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[] };
  const last = journal.entries.at(-1)!;
  steps.forEach((sql, index) => {
    const tag = `9${index}_step`;
    journal.entries.push({ ...last, idx: last.idx + 1 + index, when: last.when + 1 + index, tag });
    writeFileSync(join(folder, `${tag}.sql`), sql);
  });
  writeFileSync(path, JSON.stringify(journal));
  return folder;
}

it("a step that fails half-way undoes itself and the steps before it, and says why", async () => {
  const before = { tables: await tablesOf(test.db), steps: await appliedMigrations(test.db) };
  const folder = later("CREATE TABLE first_step (a int);", "CREATE TABLE second_step (a int);--> statement-breakpoint\nINSERT INTO second_step VALUES (1);--> statement-breakpoint\nSELECT 1 / 0;");
  const failed = migrate(test, folder);
  await expect(failed).rejects.toThrow(Unavailable);
  await expect(failed).rejects.toMatchObject({ message: "The database could not be brought to this version, and was left as it was.", hint: "division by zero" });
  expect({ tables: await tablesOf(test.db), steps: await appliedMigrations(test.db) }).toEqual(before);
});

it("a database of a newer version is refused, with what to do", async () => {
  await migrate(test, later("CREATE TABLE of_the_future (a int);"));
  await expect(migrate(test, later())).rejects.toMatchObject({ message: "These data were written by a newer version of Corduroy.", hint: "Start that version again, or restore a backup that this version has made." });
});
