import { join } from "node:path";
import type { Part } from "../../lake/index.ts";

/** The event parts of the lake, to be found by source and time without asking the database for each batch. */
export class PartIndex {
  private readonly bySource = new Map<string, Map<string, Part>>();
  /** Taken out before they were put in: a compaction may be told of a new part sooner than this is. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly folder: string,
    parts: readonly Part[],
  ) {
    this.add(parts);
  }

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind !== "events" || this.gone.delete(part.path)) continue;
      const known = this.bySource.get(part.source) ?? new Map<string, Part>();
      this.bySource.set(part.source, known.set(part.path, part));
    }
  }

  remove(parts: readonly Part[]): void {
    for (const { kind, source, path } of parts) if (kind === "events" && !this.bySource.get(source)?.delete(path)) this.gone.add(path);
  }

  /** Absolute paths of parts that hold events between these times (ISO 8601, UTC), both included. */
  overlapping(source: string, first: string | null, last: string | null): string[] {
    if (first === null || last === null) return [];
    const found: string[] = [];
    for (const { path, first: begins, last: ends } of this.bySource.get(source)?.values() ?? []) if (begins !== null && ends !== null && begins <= last && ends >= first) found.push(join(this.folder, path));
    return found;
  }
}
