import { eq, inArray } from "drizzle-orm";
import * as z from "zod";
import type { Db } from "../../../store/index.ts";
import { collectedBlobs } from "../../tables.ts";

const place = z.strictObject({ records: z.number(), bytes: z.number(), midline: z.boolean() });
const marks = z.strictObject({ headBytes: z.number(), head: z.string(), tailFrom: z.number(), tailTo: z.number(), tail: z.string() });

/** How far a text is received. */
const followed = z.strictObject({
  /** Of this text and no other; never used twice. */
  version: z.string(),
  place,
  /** Of the text up to `place`, or of what is about to be received: by these it is known again. Null before its first record. */
  marks: marks.nullable(),
});
export type Followed = z.infer<typeof followed>;

/** Of these blobs, which were read to their end, and of what content. */
export async function readBlobs(db: Db, locations: readonly string[]): Promise<Map<string, { etag: string | null; whole: boolean }>> {
  if (locations.length === 0) return new Map();
  const rows = await db.select({ location: collectedBlobs.location, etag: collectedBlobs.etag, whole: collectedBlobs.whole }).from(collectedBlobs).where(inArray(collectedBlobs.location, [...locations]));
  return new Map(rows.map(({ location, ...row }) => [location, row]));
}

export async function followedBlob(db: Db, location: string): Promise<Followed | null> {
  const [row] = await db.select({ followed: collectedBlobs.followed }).from(collectedBlobs).where(eq(collectedBlobs.location, location));
  return row === undefined ? null : followed.parse(JSON.parse(row.followed));
}

/** @param read what was there, where it was read to its end; null while it is being read */
export async function keepBlob(db: Db, location: string, text: Followed, read: { etag: string; whole: boolean } | null): Promise<void> {
  const row = { followed: JSON.stringify(text), etag: read?.etag ?? null, whole: read?.whole ?? false };
  await db.insert(collectedBlobs).values({ location, ...row }).onConflictDoUpdate({ target: collectedBlobs.location, set: row });
}
