import * as z from "zod";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { pageOf, pageShape, placeOf, type Page } from "../../kernel/index.ts";
import { parsed, textShape } from "../parse.ts";
import { auditRows, type AuditLogRow } from "../store/audit.ts";

const filterShape = z.strictObject({
  /** Id of a user or a token, or a part of a name, whatever its case. */
  actor: textShape.optional(),
  action: textShape.optional(),
  resourceType: textShape.optional(),
  resourceId: z.string().max(4_096).optional(),
  outcome: z.enum(["begun", "done", "refused", "failed"]).optional(),
  /** Both included. */
  from: z.date().optional(),
  to: z.date().optional(),
});

/** One row of the audit, as people read it. `seq` is null until it is sealed. */
export interface AuditRow {
  id: number;
  at: Date;
  actor: { kind: AuditLogRow["actorKind"]; id: string | null; name: string };
  address: string | null;
  action: string;
  resource: { type: string; id: string };
  outcome: AuditLogRow["outcome"];
  detail: Record<string, unknown>;
  seq: number | null;
}

/** The audit, newest first. @throws Forbidden without `audit.read`, Invalid for a wrong filter or cursor */
export async function listAudit(ctx: DbCtx, filter: z.input<typeof filterShape> = {}, page: z.input<typeof pageShape> = {}): Promise<Page<AuditRow>> {
  const wanted = parsed(filterShape, filter);
  const { limit, cursor } = parsed(pageShape, page);
  const before = placeOf(z.int().min(1), cursor);
  return inTransaction(ctx, async (tx) => {
    await authorize(tx, "audit.read", { type: "Audit", id: "all" });
    return pageOf(await auditRows(tx.db, wanted, before, limit + 1), limit, ({ id }) => id, shown);
  });
}

function shown({ id, at, actorKind, actorId, actorName, address, action, resourceType, resourceId, outcome, detail, seq }: AuditLogRow): AuditRow {
  return { id, at, actor: { kind: actorKind, id: actorId, name: actorName }, address, action, resource: { type: resourceType, id: resourceId }, outcome, detail, seq };
}
