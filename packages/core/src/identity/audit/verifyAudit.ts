import { createPublicKey, type KeyObject } from "node:crypto";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { countRows, headsInOrder, sealedRowsAfter, type SealedTexts } from "../store/audit.ts";
import type { Db } from "../../store/index.ts";
import { BEGINNING, headOf, isSignedHead, rowHash, type SealHead } from "./head.ts";

/** The first thing in the trail that is not as it was sealed. */
export interface AuditFault {
  /** Place in the trail, from 1. */
  seq: number;
  /** The row's id where there is one. */
  id: string | null;
  what: "altered" | "missing" | "inserted" | "truncated" | "head missing" | "head forged" | "head contradicts";
}

export interface AuditVerdict {
  /** Sealed rows that were read. */
  rows: number;
  /** Rows that wait for the sealer; nothing is known about them. */
  unsealed: number;
  /** The newest place for which a published head was at hand; null is "not anchored": who controls the database could have written everything anew. */
  anchoredTo: number | null;
  fault: AuditFault | null;
}

const ROWS_AT_ONCE = 2_000;

/**
 * Reads the whole trail and compares it with its hashes, with the signed heads in the database, and with those that were published.
 * @param key of `signingKey`, or the public half of it
 * @param published heads from the write-once target, in order
 * @throws Forbidden without `audit.read`
 */
export async function verifyAudit(ctx: DbCtx, key: KeyObject, published: readonly SealHead[] = []): Promise<AuditVerdict> {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  return inTransaction(
    ctx,
    async (tx) => {
      await authorize(tx, "audit.read", { type: "Audit", id: "all" });
      const kept = (await headsInOrder(tx.db)).map(headOf);
      const { sealed, unsealed } = await countRows(tx.db);
      const expected = new Map<number, string[]>();
      for (const head of [...kept, ...published]) expected.set(head.seq, [...(expected.get(head.seq) ?? []), head.hash]);
      const fault = forged([...kept, ...published], publicKey) ?? (await readTrail(tx.db, expected, sealed)) ?? lastHeads(kept, published, sealed);
      return { rows: sealed, unsealed, anchoredTo: published.at(-1)?.seq ?? null, fault };
    },
    // One moment for rows and heads: the sealer may be at work.
    { isolationLevel: "repeatable read" },
  );
}

function forged(heads: readonly SealHead[], publicKey: KeyObject): AuditFault | null {
  const head = heads.find((each) => !isSignedHead(each, publicKey));
  return head ? { seq: head.seq, id: null, what: "head forged" } : null;
}

/** The first row out of place, with another hash, or with another hash than a head of its place. */
async function readTrail(db: Db, heads: ReadonlyMap<number, readonly string[]>, sealed: number): Promise<AuditFault | null> {
  let before = BEGINNING;
  let seq = 0;
  let at = { seq: -(2 ** 53), id: "0" };
  for (let rows = await sealedRowsAfter(db, at, ROWS_AT_ONCE); rows.length > 0; rows = await sealedRowsAfter(db, at, ROWS_AT_ONCE)) {
    for (const row of rows) {
      const fault = wrongRow(row, ++seq, before, heads.get(seq));
      if (fault) return fault;
      before = row.hash ?? "";
    }
    const last = rows.at(-1)!;
    at = { seq: last.seq, id: last.id };
  }
  return seq === sealed ? null : { seq: seq + 1, id: null, what: "inserted" };
}

function wrongRow(row: SealedTexts, seq: number, before: string, heads: readonly string[] = []): AuditFault | null {
  if (row.seq > seq) return { seq, id: null, what: "missing" };
  if (row.seq < seq) return { seq: row.seq, id: row.id, what: "inserted" };
  if (row.hash !== rowHash(before, row)) return { seq, id: row.id, what: "altered" };
  if (heads.some((hash) => hash !== row.hash)) return { seq, id: row.id, what: "head contradicts" };
  return null;
}

/** Whether the trail ends where its heads say, and no head between is gone. */
function lastHeads(kept: readonly SealHead[], published: readonly SealHead[], sealed: number): AuditFault | null {
  const beyond = [...kept, ...published].find((head) => head.seq > sealed);
  if (beyond) return { seq: sealed + 1, id: null, what: "truncated" };
  let covered = 0;
  for (const head of kept) {
    if (head.seq - head.count !== covered) return { seq: covered + 1, id: null, what: "head missing" };
    covered = head.seq;
  }
  return covered === sealed ? null : { seq: covered + 1, id: null, what: "head missing" };
}
