import { and, eq, lt } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { receipts } from "../tables.ts";
import type { FrameHeader } from "./frame.ts";

/** Rows of one INSERT: the protocol counts parameters in 16 bits. */
const CHUNK = 5_000;

/** What was received under this key and is in the lake. */
export async function receiptOf(db: Db, { sender, source, key }: FrameHeader): Promise<{ id: string; bytes: number } | null> {
  const found = await db.select({ id: receipts.id, bytes: receipts.bytes }).from(receipts).where(and(eq(receipts.sender, sender), eq(receipts.source, source), eq(receipts.key, key ?? "")));
  return found[0] ?? null;
}

/** Keeps the keys of a batch, in its transaction. */
export async function insertReceipts(db: Db, rows: readonly (typeof receipts.$inferInsert)[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) await db.insert(receipts).values(rows.slice(at, at + CHUNK)).onConflictDoNothing();
}

/** Forgets keys of before this moment. */
export async function removeReceipts(db: Db, before: Date): Promise<void> {
  await db.delete(receipts).where(lt(receipts.at, before));
}
