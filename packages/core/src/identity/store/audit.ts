import { and, asc, desc, eq, gt, gte, isNull, lt, lte, or, sql, type SQL } from "drizzle-orm";
import { holds, type Db } from "../../store/index.ts";
import { auditLog, sealHeads } from "../tables.ts";

type NewAuditRow = Omit<typeof auditLog.$inferInsert, "id" | "seq" | "hash">;
export type AuditLogRow = typeof auditLog.$inferSelect;
export type HeadRow = typeof sealHeads.$inferSelect;

/** A row's content exactly as the database holds it, every column as text: rounding a time or a number would hide a change. */
export interface RowTexts {
  id: string;
  texts: (string | null)[];
}
export interface SealedTexts extends RowTexts {
  seq: number;
  hash: string | null;
}

/** `extract(epoch …)` is exact to the microsecond and, unlike a formatted date, tells years before Christ apart. */
const CONTENT = sql<(string | null)[]>`ARRAY[
  ${auditLog.id}::text, extract(epoch FROM ${auditLog.at})::text, ${auditLog.actorKind}, ${auditLog.actorId}, ${auditLog.actorName}, ${auditLog.address},
  ${auditLog.action}, ${auditLog.resourceType}, ${auditLog.resourceId}, ${auditLog.outcome}, ${auditLog.detail}::text]`;

const SEAL_LOCK = 7_117_002;

export async function insertAuditRow(db: Db, row: NewAuditRow): Promise<void> {
  await db.insert(auditLog).values(row);
}

/** Until the end of this transaction no other process seals. */
export async function lockSealing(db: Db): Promise<void> {
  await db.execute(sql`SELECT pg_advisory_xact_lock(${SEAL_LOCK})`);
}

export function unsealedRows(db: Db, limit: number): Promise<RowTexts[]> {
  return db.select({ id: sql<string>`${auditLog.id}::text`, texts: CONTENT }).from(auditLog).where(isNull(auditLog.seq)).orderBy(asc(auditLog.id)).limit(limit);
}

export async function sealRows(db: Db, rows: readonly { id: string; seq: number; hash: string }[]): Promise<void> {
  const column = (of: (row: (typeof rows)[number]) => string | number): SQL => sql`${sql.param(rows.map(of))}`;
  await db.execute(sql`
    UPDATE audit_log SET seq = sealed.seq, hash = sealed.hash
    FROM unnest(${column(({ id }) => id)}::bigint[], ${column(({ seq }) => seq)}::bigint[], ${column(({ hash }) => hash)}::text[]) AS sealed(id, seq, hash)
    WHERE audit_log.id = sealed.id`);
}

export async function lastSealed(db: Db): Promise<{ seq: number; hash: string | null } | undefined> {
  const [row] = await db.select({ seq: sql`${auditLog.seq}`.mapWith(Number), hash: auditLog.hash }).from(auditLog).where(gt(auditLog.seq, 0)).orderBy(desc(auditLog.seq)).limit(1);
  return row;
}

/** Sealed rows in the order of the trail, after this place. */
export function sealedRowsAfter(db: Db, after: { seq: number; id: string }, limit: number): Promise<SealedTexts[]> {
  return db
    .select({ seq: sql`${auditLog.seq}`.mapWith(Number), hash: auditLog.hash, id: sql<string>`${auditLog.id}::text`, texts: CONTENT })
    .from(auditLog)
    .where(sql`(${auditLog.seq}, ${auditLog.id}) > (${after.seq}, ${after.id}::bigint)`)
    .orderBy(asc(auditLog.seq), asc(auditLog.id))
    .limit(limit);
}

export async function countRows(db: Db): Promise<{ sealed: number; unsealed: number }> {
  const [row] = await db.select({ sealed: sql`count(${auditLog.seq})`.mapWith(Number), unsealed: sql`count(*) FILTER (WHERE ${auditLog.seq} IS NULL)`.mapWith(Number) }).from(auditLog);
  return row ?? { sealed: 0, unsealed: 0 };
}

export async function insertHead(db: Db, head: Omit<HeadRow, "publishedAt">): Promise<void> {
  await db.insert(sealHeads).values(head);
}

export function headsInOrder(db: Db): Promise<HeadRow[]> {
  return db.select().from(sealHeads).orderBy(asc(sealHeads.seq));
}

export async function lastHead(db: Db): Promise<HeadRow | undefined> {
  const [row] = await db.select().from(sealHeads).orderBy(desc(sealHeads.seq)).limit(1);
  return row;
}

export function unpublishedHeads(db: Db): Promise<HeadRow[]> {
  return db.select().from(sealHeads).where(isNull(sealHeads.publishedAt)).orderBy(asc(sealHeads.seq));
}

export async function markPublished(db: Db, seq: number, at: Date): Promise<void> {
  await db.update(sealHeads).set({ publishedAt: at }).where(and(eq(sealHeads.seq, seq), isNull(sealHeads.publishedAt)));
}

/** What a list of the audit can be narrowed to. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
  outcome?: AuditLogRow["outcome"] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Newest first; `before` is the id that the page before ended with. */
export function auditRows(db: Db, filter: AuditFilter, before: number | undefined, limit: number): Promise<AuditLogRow[]> {
  const { actor, action, resourceType, resourceId, outcome, from, to } = filter;
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        before === undefined ? undefined : lt(auditLog.id, before),
        actor === undefined ? undefined : or(eq(auditLog.actorId, actor), holds(auditLog.actorName, actor)),
        action === undefined ? undefined : eq(auditLog.action, action),
        resourceType === undefined ? undefined : eq(auditLog.resourceType, resourceType),
        resourceId === undefined ? undefined : eq(auditLog.resourceId, resourceId),
        outcome === undefined ? undefined : eq(auditLog.outcome, outcome),
        from === undefined ? undefined : gte(auditLog.at, from),
        to === undefined ? undefined : lte(auditLog.at, to),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit);
}
