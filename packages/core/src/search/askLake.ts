import { randomUUID } from "node:crypto";
import { audit, auditText, authorize } from "../identity/index.ts";
import { CorduroyError } from "../kernel/index.ts";
import { serviceSnapshot, type ServiceLake } from "../lake/index.ts";
import type { DbCtx } from "../store/index.ts";
import { sightOf } from "./sight.ts";
import { query, type QueryEnd, type QueryOptions } from "./query.ts";

/** What somebody asks the lake of a service. */
export interface Question {
  sql: string;
  maxRows: number;
  seconds: number;
  /** Whose rows alone the views have that are asked, for the audit. */
  team?: string | undefined;
  environment?: string | undefined;
  /** `lake.export` takes rows away as a file; `lake.query` shows them. */
  action: "lake.query" | "lake.export";
}

/** SQL that takes more of a row of the audit is cut there. */
const SQL_BYTES = 6 * 1024;
const WHY_BYTES = 1024;

/**
 * Runs one SELECT over what is in the lake at this moment, for somebody who may. Two rows of the audit have the same `question`: one with the SQL, which is there before anything
 * is read, and one that tells how it ended. Where the first cannot be written, nothing is asked.
 * @throws Forbidden, and what `query` throws
 */
export async function askLake(ctx: DbCtx, lake: ServiceLake, { sql, maxRows, seconds, team, environment, action }: Question, options: Pick<QueryOptions, "childEntry" | "spare" | "views" | "format" | "output" | "signal">): Promise<QueryEnd> {
  const resource = { type: "Lake", id: "events" };
  await authorize(ctx, action, resource);
  const question = randomUUID();
  await audit(ctx, { action, resource, outcome: "begun", detail: { question, sql: auditText(sql, SQL_BYTES), characters: sql.length, ...(team !== undefined && { team }), ...(environment !== undefined && { environment }) } });
  const started = performance.now();
  const ended = (outcome: "done" | "failed", detail: object): Promise<void> => audit(ctx, { action, resource, outcome, detail: { question, milliseconds: Math.round(performance.now() - started), ...detail } });
  let end: QueryEnd;
  try {
    end = await query(await serviceSnapshot(ctx.db, lake), sql, { ...options, sight: sightOf(ctx), maxRows, width: 120, forTerminal: false, mayStayRoot: false, limits: { seconds } });
  } catch (error) {
    await ended("failed", { why: whyOf(error) });
    throw error;
  }
  await ended("done", { ...end });
  return end;
}

/** The reason alone: the place in the SQL that follows it may hold half a secret, and the row before has all of it. */
function whyOf(error: unknown): string {
  return error instanceof CorduroyError ? auditText(error.message.split("\n\nLINE ")[0]!, WHY_BYTES) : "a defect";
}
