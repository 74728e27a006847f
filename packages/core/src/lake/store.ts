import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, notInArray, sql, type SQL } from "drizzle-orm";
import type { Db } from "../store/index.ts";
import type { Batch, Part } from "./manifest.ts";
import { batches, intents, objects, parts } from "./tables.ts";

/** Rows of one INSERT: the protocol counts parameters in 16 bits. */
const CHUNK = 2_000;
const PAGE = 500;

type IntentRow = typeof intents.$inferSelect;

/** @returns false if this id has an intent already. */
export async function insertIntent(db: Db, id: string, paths: readonly string[], begunAt: Date): Promise<boolean> {
  const made = await db.insert(intents).values({ id, paths: [...paths], begunAt }).onConflictDoNothing().returning({ id: intents.id });
  return made.length === 1;
}

export async function intentOf(db: Db, id: string): Promise<IntentRow | undefined> {
  return (await db.select().from(intents).where(eq(intents.id, id)))[0];
}

/** The intent, held until the transaction ends. */
export async function lockIntent(db: Db, id: string): Promise<IntentRow | undefined> {
  return (await db.select().from(intents).where(eq(intents.id, id)).for("update"))[0];
}

export async function markAborted(db: Db, id: string): Promise<void> {
  await db.update(intents).set({ aborted: true }).where(eq(intents.id, id));
}

export async function removeIntent(db: Db, id: string): Promise<void> {
  await db.delete(intents).where(eq(intents.id, id));
}

export function allIntents(db: Db): Promise<IntentRow[]> {
  return db.select().from(intents).orderBy(asc(intents.id));
}

export async function isCommitted(db: Db, id: string): Promise<boolean> {
  return (await db.select({ no: batches.no }).from(batches).where(eq(batches.id, id))).length > 0;
}

/** Paths of the parts a committed batch named. */
export async function pathsOf(db: Db, id: string): Promise<Set<string>> {
  const found = await db.select({ paths: batches.paths }).from(batches).where(eq(batches.id, id));
  return new Set(found[0]?.paths);
}

export async function insertBatch(db: Db, batch: Batch): Promise<void> {
  await db.insert(batches).values({ id: batch.id, at: batch.at, counts: batch.counts, objects: batch.objects, paths: batch.parts.map(({ path }) => path) });
  for (let at = 0; at < batch.parts.length; at += CHUNK) await db.insert(parts).values(batch.parts.slice(at, at + CHUNK).map((part) => ({ ...part, batch: batch.id })));
  for (const { location, version, bytes, to, complete, done } of batch.objects) {
    await db
      .insert(objects)
      .values({ location, version, bytes, upTo: to, complete, done })
      .onConflictDoUpdate({
        target: [objects.location, objects.version],
        set: { upTo: sql`greatest(${objects.upTo}, excluded.up_to)`, done: sql`${objects.done} OR excluded.done`, complete: sql`CASE WHEN excluded.done THEN excluded.complete ELSE ${objects.complete} END` },
      });
  }
}

/** Whoever takes parts out locks them in this order, so that no two wait for each other. */
const BY_PATH = sql`${parts.path} COLLATE "C"`;

/** Takes parts out of the lake, in a transaction. @returns how many of them were in it */
export async function replaceParts(db: Db, paths: readonly string[], at: Date): Promise<number> {
  const ordered = paths.toSorted();
  let count = 0;
  for (let from = 0; from < ordered.length; from += CHUNK) count += (await retireWhere(db, inArray(parts.path, ordered.slice(from, from + CHUNK)), at)).length;
  return count;
}

/** Takes parts of days before this one out of the lake, in a transaction. @returns them */
export function retireBefore(db: Db, kind: Part["kind"], source: string, day: string, at: Date): Promise<Part[]> {
  return retireWhere(db, and(eq(parts.kind, kind), eq(parts.source, source), lt(parts.day, day)), at);
}

async function retireWhere(db: Db, which: SQL | undefined, at: Date): Promise<Part[]> {
  const found = (await db.select().from(parts).where(and(which, isNull(parts.replacedAt))).orderBy(BY_PATH).for("update")).map(partOf);
  const paths = found.map(({ path }) => path);
  for (let from = 0; from < paths.length; from += CHUNK) await db.update(parts).set({ replacedAt: at }).where(inArray(parts.path, paths.slice(from, from + CHUNK)));
  return found;
}

/** What kinds of parts of which sources are in the lake. */
export function currentKinds(db: Db): Promise<Pick<Part, "kind" | "source">[]> {
  return db.selectDistinct({ kind: parts.kind, source: parts.source }).from(parts).where(isNull(parts.replacedAt)).orderBy(asc(parts.kind), asc(parts.source));
}

/** The first replaced come first: should only some of their files be removed, those that are left are still named by a part that replaced them. */
export async function replacedBefore(db: Db, before: Date): Promise<string[]> {
  return (await db.select({ path: parts.path }).from(parts).where(lt(parts.replacedAt, before)).orderBy(asc(parts.replacedAt))).map(({ path }) => path);
}

export async function forgetParts(db: Db, paths: readonly string[]): Promise<void> {
  for (let at = 0; at < paths.length; at += CHUNK) await db.delete(parts).where(inArray(parts.path, paths.slice(at, at + CHUNK)));
}

type PartRow = typeof parts.$inferSelect;

function partOf({ kind, path, source, day, rows, bytes, first, last, digest }: PartRow): Part {
  return { kind, path, source, day, rows, bytes, first, last, ...(digest !== null && { digest }) };
}

/** Parts that a committed batch has brought and that are still in the lake. */
export async function partsOfBatch(db: Db, id: string): Promise<Part[]> {
  return (await db.select().from(parts).where(and(eq(parts.batch, id), isNull(parts.replacedAt)))).map(partOf);
}

/** Parts in the lake, of one kind and source if asked. */
export async function currentParts(db: Db, { kind, source }: { kind?: Part["kind"]; source?: string }): Promise<Part[]> {
  const found = await db
    .select()
    .from(parts)
    .where(and(isNull(parts.replacedAt), kind === undefined ? undefined : eq(parts.kind, kind), source === undefined ? undefined : eq(parts.source, source)));
  return found.map(partOf);
}

/**
 * Parts of dead letters, the latest first: their names begin with the time at which they were made.
 * @param upTo path of the first part to give; the latest of all where nothing is said
 */
export async function latestDeadParts(db: Db, { source, upTo, limit }: { source: string | undefined; upTo: string | undefined; limit: number }): Promise<Part[]> {
  const found = await db
    .select()
    .from(parts)
    .where(and(isNull(parts.replacedAt), eq(parts.kind, "dead"), source === undefined ? undefined : eq(parts.source, source), upTo === undefined ? undefined : lte(parts.path, upTo)))
    .orderBy(desc(parts.path))
    .limit(limit);
  return found.map(partOf);
}

/** Those of these parts that are in the lake. */
export async function partsAt(db: Db, paths: readonly string[]): Promise<Part[]> {
  return paths.length === 0 ? [] : (await db.select().from(parts).where(and(isNull(parts.replacedAt), inArray(parts.path, [...paths])))).map(partOf);
}

/** Committed batches in the order of commit, with the parts they named that are still known. */
export async function* allBatches(db: Db): AsyncGenerator<Batch> {
  for (let last = 0; ; ) {
    const found = await db.select().from(batches).where(gt(batches.no, last)).orderBy(asc(batches.no)).limit(PAGE);
    if (found.length === 0) return;
    const rows = await db.select().from(parts).where(inArray(parts.batch, found.map(({ id }) => id)));
    const byPath = new Map(rows.map((row) => [row.path, partOf(row)]));
    for (const { id, at, counts, objects: ranges, paths } of found) yield { id, at, parts: paths.flatMap((path) => byPath.get(path) ?? []), objects: ranges, counts };
    last = found.at(-1)!.no;
  }
}

/** Forgets batches that were committed before this time (ISO 8601), but for these and the last one, which says that there was one. @returns how many; there may be more when as many as `most` */
export async function forgetBatches(db: Db, before: string, except: readonly string[], most: number): Promise<number> {
  const old = db.select({ no: batches.no }).from(batches).where(and(lt(batches.at, before), notInArray(batches.id, [...except]), lt(batches.no, sql`(SELECT max(no) FROM ${batches})`))).orderBy(asc(batches.no)).limit(most);
  return (await db.delete(batches).where(inArray(batches.no, old)).returning({ no: batches.no })).length;
}

/** Batches that are looked at for the times of one source: a day of a busy service. */
const RECENT_BATCHES = 50_000;

/** When batches with events of a source were committed since a moment, of the latest ones; those that only merge parts are none. */
export async function commitTimes(db: Db, source: string, since: Date): Promise<Date[]> {
  const { rows } = await db.execute<{ at: string }>(sql`
    SELECT at FROM ${batches}
    WHERE no > (SELECT max(no) FROM ${batches}) - ${RECENT_BATCHES} AND at > ${since.toISOString()} AND (counts ->> 'read')::bigint > 0
      AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(paths) AS path WHERE starts_with(path, ${`events/source=${source}/`}))`);
  return rows.map(({ at }) => new Date(at));
}

/** How far versions of these locations were taken in. */
export function objectsAt(db: Db, locations: readonly string[]): Promise<(typeof objects.$inferSelect)[]> {
  return locations.length === 0 ? Promise.resolve([]) : db.select().from(objects).where(inArray(objects.location, [...locations]));
}

/** Rows, bytes and parts of the events of each source. */
export async function lakeSizes(db: Db): Promise<Map<string, { rows: number; bytes: number; parts: number }>> {
  const rows = await db
    .select({ source: parts.source, rows: sql<number>`sum(${parts.rows})`.mapWith(Number), bytes: sql<number>`sum(${parts.bytes})`.mapWith(Number), parts: sql<number>`count(*)`.mapWith(Number) })
    .from(parts)
    .where(and(isNull(parts.replacedAt), eq(parts.kind, "events")))
    .groupBy(parts.source);
  return new Map(rows.map(({ source, ...size }) => [source, size]));
}

/** The next parts of the lake after a path, in the order of their paths. */
export async function pageOfParts(db: Db, after: string, limit: number): Promise<Part[]> {
  return (await db.select().from(parts).where(and(isNull(parts.replacedAt), gt(parts.path, after))).orderBy(asc(parts.path)).limit(limit)).map(partOf);
}

export async function isCurrent(db: Db, path: string): Promise<boolean> {
  return (await db.select({ path: parts.path }).from(parts).where(and(eq(parts.path, path), isNull(parts.replacedAt)))).length > 0;
}

/** Which of these paths are of parts, also of parts that were replaced. */
export async function knownPaths(db: Db, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  return new Set((await db.select({ path: parts.path }).from(parts).where(inArray(parts.path, [...paths]))).map(({ path }) => path));
}

/** Whether no batch was ever committed or begun. */
export async function isEmpty(db: Db): Promise<boolean> {
  for (const table of [batches, parts, intents]) if ((await db.select({ one: sql`1` }).from(table).limit(1)).length > 0) return false;
  return true;
}

/** Adds parts that are in the lake no more, and whose files are still there. */
export async function insertReplaced(db: Db, rows: readonly (Part & { batch: string })[], at: Date): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) await db.insert(parts).values(rows.slice(from, from + CHUNK).map((row) => ({ ...row, replacedAt: at })));
}
