import { randomBytes } from "node:crypto";
import { Invalid } from "../kernel/index.ts";
import type { PartKind } from "./manifest.ts";

const BATCH_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SOURCE = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PART_PATH = /^(?:events\/source=[a-z0-9][a-z0-9._-]{0,99}\/day=\d{4}-\d{2}-\d{2}|signals\/day=\d{4}-\d{2}-\d{2}|dead)\/[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.parquet$/;

/** A batch id that was never used before and sorts by time of making: `20261118T093000123Z-5f0c9a1be2d34c77`. */
export function newBatchId(now: Date): string {
  return uniqueName(now);
}

/** The path of a new part, relative to the lake. */
export function newPartPath(kind: PartKind, source: string, day: string, now: Date): string {
  if (!DAY.test(day)) throw new Invalid(`"${day}" is not a day (YYYY-MM-DD).`);
  const file = `${uniqueName(now)}.parquet`;
  if (kind === "dead") return `dead/${file}`;
  if (kind === "signals") return `signals/day=${day}/${file}`;
  if (!SOURCE.test(source)) throw new Invalid(`"${source}" is not the name of a source.`);
  return `events/source=${source}/day=${day}/${file}`;
}

/** Refuses an id that could not be a file name everywhere. */
export function checkBatchId(id: string): void {
  if (!BATCH_ID.test(id)) throw new Invalid(`"${id}" is not a batch id.`);
}

/** Refuses a path that is not a part's: what a manifest names can never lead out of the lake. */
export function checkPartPath(path: string): void {
  if (!PART_PATH.test(path)) throw new Invalid(`"${path}" is not the path of a part.`);
}

function uniqueName(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:.]/g, "")}-${randomBytes(8).toString("hex")}`;
}
