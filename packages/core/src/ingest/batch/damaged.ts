import { quoteList } from "../../detect/index.ts";
import type { Engine } from "../../lake/index.ts";

/** A part of the lake that cannot be read, and what the engine says of it. */
export interface DamagedPart {
  location: string;
  reason: string;
}

/**
 * Tells the parts that can be read from those that cannot. A damaged one must not hold up what is new: nobody can tell whether its events come again, so one
 * of them may be kept twice, and none is lost.
 */
export async function readableParts(engine: Engine, files: readonly string[]): Promise<{ readable: string[]; damaged: DamagedPart[] }> {
  const readable: string[] = [];
  const damaged: DamagedPart[] = [];
  for (const file of files) {
    try {
      await engine.rowsOnce(`SELECT bit_xor(hash(event_hash, event_uid, "time", operation)) FROM read_parquet(${quoteList([file])})`);
      readable.push(file);
    } catch (error) {
      damaged.push({ location: file, reason: `This part of the lake cannot be read, so nobody knows whether its events have come again; restore it from a backup. ${error instanceof Error ? error.message.split("\n")[0]! : String(error)}` });
    }
  }
  return { readable, damaged };
}
