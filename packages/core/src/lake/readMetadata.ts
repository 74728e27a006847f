import * as z from "zod";
import { PART_KINDS } from "./manifest.ts";

/** What a part says of itself, in its Parquet key-value metadata under `corduroy`: from this a lost manifest is made anew. */
const PartMetadata = z.object({
  format: z.literal(1),
  /** The batch it belongs to. */
  batch: z.string(),
  kind: z.enum(PART_KINDS),
  /** Empty for signals, which mix sources. */
  source: z.string().max(100),
  /** UTC, YYYY-MM-DD. */
  day: z.iso.date(),
  /** Paths of the parts whose rows it holds. */
  replaces: z.array(z.string()).optional(),
});
export type PartMetadata = z.infer<typeof PartMetadata>;

/** @returns null for a text that is not the metadata of a part */
export function parsePartMetadata(text: string): PartMetadata | null {
  try {
    return PartMetadata.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
