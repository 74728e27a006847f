import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Invalid } from "../kernel/index.ts";
import { isCode } from "./durable.ts";
import type { Intent } from "./intents.ts";
import type { Batch } from "./manifest.ts";

/** Refuses a batch that would make the manifest lie: about its counts, or about files. */
export async function checkBatch(lake: string, batch: Batch, intent: Intent): Promise<void> {
  const { read, stored, duplicate, dead } = batch.counts;
  if (read !== stored + duplicate + dead) throw new Invalid(`Batch ${batch.id} does not add up: ${read} read, ${stored} stored, ${duplicate} duplicate, ${dead} dead.`);
  const intended = new Set(intent.paths);
  for (const part of batch.parts) {
    if (!intended.delete(part.path)) throw new Invalid(`Batch ${batch.id} names ${part.path}, which it did not intend, or names twice.`);
    const bytes = await sizeOf(join(lake, part.path));
    if (bytes !== part.bytes) throw new Invalid(`${part.path} should have ${part.bytes} bytes and ${bytes === null ? "is missing" : `has ${bytes}`}.`);
  }
}

/** Bytes of a file; null when there is none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}
