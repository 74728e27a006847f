import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { expect } from "vitest";
import { openLake, readLake, type Part } from "../index.ts";
import { committedBatches } from "./manifest-conformance.ts";

/** Every committed part must be there, whole, as `writer.ts` wrote it. @returns the paths. */
export async function checkVisibleParts(folder: string): Promise<string[]> {
  const { parts } = await readLake(folder);
  for (const part of parts) await checkPart(folder, part);
  return parts.map((part) => part.path);
}

async function checkPart(folder: string, part: Part): Promise<void> {
  const content = await readFile(join(folder, part.path), "utf8");
  expect(content.length, part.path).toBe(part.bytes);
  expect(content, part.path).toMatch(/^(batch-\d+\/\d )\1{49}$/);
}

/**
 * What must hold after any crash, once the next writer has opened the lake: every acknowledged batch is there, with all its
 * parts; no file is left that no batch names; no intent, no half-written file.
 */
export async function checkRecovered(folder: string, acknowledged: readonly string[]): Promise<void> {
  const lake = await openLake(folder, { create: true });
  const batches = await committedBatches(lake.manifest);
  await lake.close();
  const ids = batches.map((batch) => batch.id);
  expect(new Set(ids).size, "committed once").toBe(ids.length);
  expect(acknowledged.filter((id) => !ids.includes(id)), "acknowledged and lost").toEqual([]);
  for (const { id, parts } of batches) expect(parts.length, id).toBe(1 + (Number(id.split("-")[1]) % 3));
  expect(ids.filter((id) => Number(id.split("-")[1]) % 5 === 4), "aborted and visible").toEqual([]);
  const visible = await checkVisibleParts(folder);
  const files = await filesBelow(folder);
  expect(files.filter((path) => path.endsWith(".parquet")).toSorted(), "orphans").toEqual(visible.toSorted());
  expect(files.filter((path) => !path.endsWith(".parquet") && !/^(lake\.json|manifest\/\d{8}\.json|lock\/\d{8}\.json)$/.test(path) && !/^(lake\.json|lock\/).*\.tmp$/.test(path))).toEqual([]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}
