import { z } from "zod";
import { PART_KINDS, type PartKind } from "./manifest.ts";

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

/** The key, and the value as text, for `KV_METADATA` of DuckDB's COPY. */
export function partMetadata(about: { batch: string; kind: PartKind; source: string; day: string; replaces?: readonly string[] }): { corduroy: string } {
  const { batch, kind, source, day, replaces } = about;
  return { corduroy: JSON.stringify({ format: 1, batch, kind, source, day, ...(replaces && { replaces }) }) };
}

/** @returns null for a text that is not the metadata of a part */
export function parsePartMetadata(text: string): PartMetadata | null {
  try {
    return PartMetadata.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
