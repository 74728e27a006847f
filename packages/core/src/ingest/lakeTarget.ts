import { join } from "node:path";
import { openLake, type Lake, type ObjectRange } from "../lake/index.ts";
import type { BatchResult, KnownVersion } from "./messages.ts";

/** Where the parts of a run go: a lake that is kept, or a temporary folder that only tells duplicates. */
export interface Target {
  /** An existing folder for half-written files. */
  staging: string;
  /** What an earlier run took in, by location. */
  known: ReadonlyMap<string, KnownVersion[]>;
  /** Event parts that are there already, by source: absolute paths. */
  existing: ReadonlyMap<string, string[]>;
  /** Puts a batch in its place. @returns the absolute paths of its event parts */
  commit(result: BatchResult): Promise<string[]>;
  close(): Promise<void>;
}

/** Parts stay where the worker wrote them; nothing outlives the run. */
export function temporaryTarget(staging: string): Target {
  return {
    staging,
    known: new Map(),
    existing: new Map(),
    commit: async (result) => result.parts.map((part) => part.temporary),
    close: async () => undefined,
  };
}

/** A lake, held for writing until `close`. Throws what `openLake` throws. */
export async function lakeTarget(folder: string): Promise<Target> {
  const lake = await openLake(folder, { create: true });
  const known = new Map<string, KnownVersion[]>();
  const existing = new Map<string, string[]>();
  for await (const batch of lake.manifest.batches()) {
    for (const range of batch.objects) remember(known, range);
    for (const part of batch.parts) if (part.kind === "events") existing.set(part.source, [...(existing.get(part.source) ?? []), join(lake.folder, part.path)]);
  }
  return { staging: lake.staging, known, existing, commit: (result) => commit(lake, result), close: () => lake.close() };
}

function remember(known: Map<string, KnownVersion[]>, range: ObjectRange): void {
  const versions = known.get(range.location) ?? [];
  known.set(range.location, versions);
  const same = versions.find((each) => each.version === range.version);
  if (!same) {
    versions.push({ version: range.version, bytes: range.bytes, upTo: range.to, complete: range.complete, done: range.done });
    return;
  }
  same.upTo = Math.max(same.upTo, range.to);
  same.done ||= range.done;
  if (range.done) same.complete = range.complete;
}

async function commit(lake: Lake, result: BatchResult): Promise<string[]> {
  if (result.parts.length === 0 && result.objects.length === 0) return [];
  const parts = result.parts.map(({ temporary, ...part }) => ({ temporary, part: { ...part, path: lake.newPartPath(part.kind, part.source, part.day) } }));
  await lake.manifest.begin(result.id, parts.map(({ part }) => part.path));
  for (const { temporary, part } of parts) await lake.finishPart(temporary, part.path);
  await lake.manifest.commit({ id: result.id, at: new Date().toISOString(), parts: parts.map(({ part }) => part), objects: result.objects, counts: result.counts });
  return parts.filter(({ part }) => part.kind === "events").map(({ part }) => join(lake.folder, part.path));
}
