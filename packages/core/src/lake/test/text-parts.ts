import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DbCtx } from "../../store/index.ts";
import type { Merged, MergeOrder } from "../compact.ts";
import type { Part, PartKind } from "../manifest.ts";
import { newBatchId } from "../names.ts";
import type { ServiceLake } from "../service-lake.ts";

/**
 * Parts for tests of everything but their content: text files with one row a line. Where nothing reads the rows, no engine is needed.
 */
export interface TextPart {
  rows: readonly string[];
  kind?: PartKind;
  source?: string;
  day?: string;
}

/** Commits parts as one batch. @returns them */
export async function commitText(ctx: DbCtx, lake: ServiceLake, texts: readonly TextPart[], id = newBatchId(ctx.now())): Promise<Part[]> {
  const planned = texts.map(({ rows, kind = "events", source = kind === "signals" ? "" : "aws.cloudtrail", day = "2026-11-18" }) => ({ rows, kind, source, day, path: lake.newPartPath(kind, source, day) }));
  await lake.manifest.begin(id, planned.map(({ path }) => path));
  const parts: Part[] = [];
  for (const [index, { rows, ...part }] of planned.entries()) {
    const temporary = join(lake.staging, `${id}-${index}`);
    const text = rows.map((row) => `${row}\n`).join("");
    await writeFile(temporary, text);
    const digest = await lake.finishPart(temporary, part.path);
    parts.push({ ...part, rows: rows.length, bytes: text.length, first: `${part.day}T00:00:00.000Z`, last: `${part.day}T23:59:59.999Z`, digest });
  }
  const rows = texts.reduce((sum, part) => sum + part.rows.length, 0);
  await lake.manifest.commit({ id, at: ctx.now().toISOString(), parts, objects: [], counts: { read: rows, stored: rows, duplicate: 0, dead: 0 } });
  return parts;
}

/** Merges text parts as a worker merges Parquet. */
export async function mergeText({ files, temporary }: MergeOrder): Promise<Merged> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const text = texts.join("");
  await writeFile(temporary, text);
  return { rows: text.split("\n").length - 1, bytes: (await stat(temporary)).size };
}

/** All rows of these parts, sorted. */
export async function rowsOf(folder: string, parts: readonly Part[]): Promise<string[]> {
  const texts = await Promise.all(parts.map(({ path }) => readFile(join(folder, path), "utf8")));
  return texts.flatMap((text) => text.split("\n").filter(Boolean)).toSorted();
}
