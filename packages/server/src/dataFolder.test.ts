import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Conflict, Unavailable } from "@corduroy/core/kernel";
import { openDataFolder } from "./dataFolder.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("a data folder of a newer version is refused, with what to do, and stays as it is", async () => {
  const folder = newFolder();
  const marker = join(folder, "corduroy.json");
  const text = JSON.stringify({ format: "corduroy-data", version: 2, demo: false });
  writeFileSync(marker, text);
  const refused = openDataFolder(folder, { demo: false });
  await expect(refused).rejects.toThrow(Unavailable);
  await expect(refused).rejects.toMatchObject({ message: `The data folder ${folder} was written by a newer version of Corduroy.`, hint: "Start that version again, or restore a backup that this version has made." });
  expect(readFileSync(marker, "utf8")).toBe(text);
});

it("the folders around it that it makes itself are closed, but PostgreSQL of a root user can pass", async () => {
  const folder = newFolder();
  const { lock } = await openDataFolder(join(folder, "srv/corduroy/data"), { demo: false });
  await lock.release();
  for (const made of ["srv", "srv/corduroy", "srv/corduroy/data"]) expect(statSync(join(folder, made)).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
});

it("a folder whose marker is damaged is refused, and named", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "corduroy.json"), '{"format":');
  const refused = openDataFolder(folder, { demo: false });
  await expect(refused).rejects.toThrow(Conflict);
  await expect(refused).rejects.toMatchObject({ message: `${join(folder, "corduroy.json")} is no marker of Corduroy.` });
});

it("a folder with other files, and one of the demo where real data are meant, is refused", async () => {
  const other = newFolder();
  writeFileSync(join(other, "holiday.jpg"), "");
  await expect(openDataFolder(other, { demo: false })).rejects.toThrow("holds other files");
  const demo = newFolder();
  const { lock } = await openDataFolder(demo, { demo: true });
  await lock.release();
  await expect(openDataFolder(demo, { demo: false })).rejects.toThrow("belongs to the demo and takes no real data");
});
