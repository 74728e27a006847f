import { audit, authorize } from "../identity/index.ts";
import { CorduroyError } from "../kernel/index.ts";
import { serviceSnapshot, type ServiceLake } from "../lake/index.ts";
import type { DbCtx } from "../store/index.ts";
import { query, type QueryEnd, type QueryOptions } from "./query.ts";

/** What somebody asks the lake of a service. */
export interface Question {
  sql: string;
  maxRows: number;
  seconds: number;
  /** `lake.export` takes rows away as a file; `lake.query` shows them. */
  action: "lake.query" | "lake.export";
}

/** SQL that is longer is cut in the audit. */
const AUDITED_CHARACTERS = 4_000;

/**
 * Runs one SELECT over what is in the lake at this moment, for somebody who may. Every question is audited, with its SQL and how it ended.
 * @throws Forbidden, and what `query` throws
 */
export async function askLake(ctx: DbCtx, lake: ServiceLake, { sql, maxRows, seconds, action }: Question, options: Pick<QueryOptions, "childEntry" | "views" | "format" | "output" | "signal">): Promise<QueryEnd> {
  const resource = { type: "Lake", id: "events" };
  await authorize(ctx, action, resource);
  const asked = { sql: sql.slice(0, AUDITED_CHARACTERS), ...(sql.length > AUDITED_CHARACTERS && { characters: sql.length }) };
  try {
    const end = await query(await serviceSnapshot(ctx.db, lake), sql, { ...options, maxRows, width: 120, forTerminal: false, mayStayRoot: false, limits: { seconds } });
    await audit(ctx, { action, resource, detail: { ...asked, rows: end.rows } });
    return end;
  } catch (error) {
    await audit(ctx, { action, resource, outcome: "failed", detail: { ...asked, why: error instanceof CorduroyError ? error.message.slice(0, 500) : "a defect" } });
    throw error;
  }
}
