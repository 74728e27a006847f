import { and, eq, ne, or } from "drizzle-orm";
import { authorize } from "../identity/index.ts";
import { NotFound } from "../kernel/index.ts";
import type { DbCtx } from "../store/index.ts";
import { withoutOthers } from "./duplicates.ts";
import { asSeen, eventAsSeen } from "./hiding.ts";
import { linesWhere, type FindingLine } from "./listFindings.ts";
import { readable, readFinding } from "./readable.ts";
import * as store from "./store.ts";
import type { EventRow, FindingRow } from "./store.ts";
import { findings } from "./tables.ts";

/** A finding with all that belongs to it. */
export interface WholeFinding {
  finding: FindingRow;
  timeline: EventRow[];
  /** Of the same entity, or the same rule in the same team. */
  related: FindingLine[];
}

const RELATED = 8;

/** One finding with its timeline and what is related to it. @throws NotFound, Forbidden */
export async function getFinding(ctx: DbCtx, id: string): Promise<WholeFinding> {
  const finding = await readFinding(ctx, id, { lock: false });
  await authorize(ctx, "findings.read", { type: "Finding", id, ...(finding?.team != null && { team: finding.team }) });
  if (finding === undefined) throw new NotFound("There is no such finding.");
  const alike = and(ne(findings.id, id), readable(ctx), or(eq(findings.entityKey, finding.entityKey), eq(findings.duplicateOf, id), finding.duplicateOf === null ? undefined : eq(findings.id, finding.duplicateOf)));
  const [timeline, related] = [await store.eventsOf(ctx.db, id), await linesWhere(ctx.db, alike, RELATED)];
  const told = await withoutOthers(ctx, finding.duplicateOf, timeline);
  return { finding: asSeen(ctx, { ...finding, duplicateOf: told.duplicateOf }), timeline: told.timeline.map((event) => eventAsSeen(ctx, finding.team, event)), related: related.map((line) => asSeen(ctx, line)) };
}
