import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conflict } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import type { Problem } from "./check-parts.ts";
import { digestOf } from "./digest.ts";
import { Engine } from "./engine.ts";
import { partFiles } from "./files.ts";
import { checkMarker } from "./lake.ts";
import type { Batch, Part } from "./manifest.ts";
import { parsePartMetadata, type PartMetadata } from "./readMetadata.ts";
import { checkBatchId, checkPartPath } from "./names.ts";
import * as store from "./store.ts";

export interface RebuildOptions {
  /** Ids of the segments that are still in the spool: their batches are done again, so parts of an earlier try must not count. */
  spoolSegments: Iterable<string>;
  onProgress: (files: number) => void;
}

/** What a manifest was made anew from. */
export interface Rebuilt {
  /** In the lake again. */
  parts: number;
  batches: number;
  /** Rows of the parts of events. */
  events: number;
  dead: number;
  /** Not in the lake: others hold their rows, or their segment will bring them again. Their files go with `removeReplaced`. */
  superseded: number;
  /** Files that tell nothing: they are left where they are. */
  problems: Problem[];
}

interface Found {
  part: Part;
  about: PartMetadata;
  /** When it was written, ISO 8601. */
  at: string;
}

/**
 * Makes a lost manifest anew, from what the parts say of themselves: which batch each belongs to, and which others it has replaced.
 *
 * What only the manifest knew is lost: how far source objects were read (they are read again, and their events told as duplicates), how many
 * duplicates there were, and which parts were past their time (the next retention takes them out again).
 * @param folder of the lake; nobody writes to it meanwhile
 * @throws Conflict if the manifest holds anything, NotFound if the folder is no lake
 */
export async function rebuildManifest(ctx: DbCtx, folder: string, { spoolSegments, onProgress }: RebuildOptions): Promise<Rebuilt> {
  await checkMarker(folder);
  await refuseUnlessEmpty(ctx);
  const { found, problems } = await readParts(await realpath(folder), onProgress);
  const again = new Set(spoolSegments);
  const replaced = new Set(found.flatMap(({ about }) => about.replaces ?? []));
  const isCurrent = ({ part, about }: Found): boolean => !again.has(about.batch) && !replaced.has(part.path);
  const current = found.filter(isCurrent);
  const superseded = found.filter((each) => !isCurrent(each));
  const batches = batchesOf(current);
  await inTransaction(ctx, async ({ db }) => {
    for (const batch of batches) await store.insertBatch(db, batch);
    await store.insertReplaced(db, superseded.map(({ part, about }) => ({ ...part, batch: about.batch })), ctx.now());
  });
  const total = (name: "stored" | "dead"): number => batches.reduce((sum, { counts }) => sum + counts[name], 0);
  return { parts: current.length, batches: batches.length, events: total("stored"), dead: total("dead"), superseded: superseded.length, problems };
}

async function refuseUnlessEmpty({ db }: DbCtx): Promise<void> {
  if (await store.isEmpty(db)) return;
  throw new Conflict("There is a manifest, and it is not empty.", { hint: "To make it anew, begin with an empty database: move the folder postgres out of the data folder, or name a new database in DATABASE_URL. Keep the old one until you have seen the result." });
}

async function readParts(home: string, onProgress: (files: number) => void): Promise<{ found: Found[]; problems: Problem[] }> {
  const temporary = await mkdtemp(join(tmpdir(), "corduroy-rebuild-"));
  const engine = await Engine.open(temporary);
  const found: Found[] = [];
  const problems: Problem[] = [];
  let files = 0;
  try {
    for await (const path of partFiles(home)) {
      try {
        found.push(await readPart(engine, home, path));
      } catch (error) {
        const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error);
        problems.push({ path, what: `This file is not a part that can be read: ${reason.replaceAll(`${home}/`, "")}`, hint: "Restore it from a backup and rebuild again, or remove it." });
      }
      onProgress(++files);
    }
  } finally {
    engine.close();
    await rm(temporary, { recursive: true, force: true });
  }
  return { found, problems };
}

async function readPart(engine: Engine, home: string, path: string): Promise<Found> {
  checkPartPath(path);
  const file = join(home, path);
  const quoted = `'${file.replaceAll("'", "''")}'`;
  const [[text] = []] = await engine.rowsOnce(`SELECT decode(value) FROM parquet_kv_metadata(${quoted}) WHERE key = 'corduroy'`);
  const about = text === undefined ? null : parsePartMetadata(String(text));
  if (about === null) throw new Error("it does not say which batch it belongs to.");
  checkBatchId(about.batch);
  const { kind, source, day } = about;
  const folder = { events: `events/source=${source}/day=${day}/`, signals: `signals/day=${day}/`, dead: "dead/" }[kind];
  if (!path.startsWith(folder)) throw new Error(`it belongs into ${folder}.`);
  const time = (which: string): string => (kind === "dead" ? "NULL" : `strftime(${which}("time"), '%Y-%m-%dT%H:%M:%S.%gZ')`);
  const [[rows, first, last] = []] = await engine.rowsOnce(`SELECT count(*), ${time("min")}, ${time("max")} FROM read_parquet(${quoted}, hive_partitioning = false)`);
  const { size, mtime } = await stat(file);
  const part: Part = { kind, path, source, day, rows: Number(rows), bytes: size, first: first == null ? null : String(first), last: last == null ? null : String(last), digest: await digestOf(file) };
  return { part, about, at: mtime.toISOString() };
}

/** Batches of these parts, the oldest first. What a batch read beside what it has kept is not known any more. */
function batchesOf(found: readonly Found[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const { part, about, at } of found.toSorted((a, b) => (a.part.path < b.part.path ? -1 : 1))) {
    const batch = batches.get(about.batch) ?? { id: about.batch, at, parts: [], objects: [], counts: { read: 0, stored: 0, duplicate: 0, dead: 0 } };
    batches.set(about.batch, batch);
    batch.parts.push(part);
    if (at < batch.at) batch.at = at;
    if (part.kind === "signals") continue;
    batch.counts.read += part.rows;
    batch.counts[part.kind === "dead" ? "dead" : "stored"] += part.rows;
  }
  return [...batches.values()].toSorted((a, b) => (a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1));
}
