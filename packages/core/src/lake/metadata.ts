import type { PartKind } from "./manifest.ts";

/** The key, and the value as text, for `KV_METADATA` of DuckDB's COPY. `readMetadata.ts` reads it back, by itself: whoever writes parts starts without schemas. */
export function partMetadata(about: { batch: string; kind: PartKind; source: string; day: string; replaces?: readonly string[] }): { corduroy: string } {
  const { batch, kind, source, day, replaces } = about;
  return { corduroy: JSON.stringify({ format: 1, batch, kind, source, day, ...(replaces && { replaces }) }) };
}
