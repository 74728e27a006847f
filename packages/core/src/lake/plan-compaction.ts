import type { Part } from "./manifest.ts";

/** Parts of one kind, source and day whose rows are to be in one part instead, in the order of their times. */
export interface Plan {
  kind: Part["kind"];
  source: string;
  day: string;
  parts: Part[];
}

/** A part is not made larger than this by merging, and is left alone for good from half of it on. */
const LARGEST_BYTES = 256 * 1024 * 1024;
const FULL_BYTES = LARGEST_BYTES / 2;
/** Parts of one tier wait until there are so many; a tier holds parts of up to so many times the rows of the tier below. */
const FAN_IN = 8;
/** Parts of one merge: each is open while it is read. */
const MOST_INPUTS = 512;
/** Above so many parts that are not full, a day is not left waiting for its tiers to fill. */
const MOST_WAITING = 12;

/**
 * Which parts to merge now: size-tiered, each (kind, source, day) by itself, by numbers of rows, which merging adds up exactly.
 *
 * - A merge takes 8 or more parts of one tier (tier t: 8^t to 8^(t+1) rows), or as many as fill a part; so a row climbs a tier or comes to rest.
 * - If more than 12 parts that are not full are left by that, the smallest are merged, as long as no part is larger than all smaller ones
 *   together: the part of each row at least doubles.
 *
 * Once it finds nothing more, a day has at most 12 parts that are not full (or log2(largest/smallest) + 2, should that be more), and one full
 * one for each 128 to 256 MB. A row that came in a part of r rows and is in one of R has been written again at most log2(R/r) + 2 times;
 * with a part each second it is three times.
 */
export function planCompaction(parts: readonly Part[]): Plan[] {
  const days = new Map<string, Part[]>();
  for (const part of parts) {
    if (part.bytes >= FULL_BYTES) continue;
    const key = `${part.kind}/${part.source}/${part.day}`;
    const known = days.get(key);
    if (known) known.push(part);
    else days.set(key, [part]);
  }
  return [...days.values()].flatMap((waiting) => {
    const merges = byTier(waiting);
    if (merges.length === 0 && waiting.length > MOST_WAITING) merges.push(smallest(waiting));
    return merges.filter((merged) => merged.length > 1).map((merged): Plan => ({ kind: merged[0]!.kind, source: merged[0]!.source, day: merged[0]!.day, parts: inOrder(merged) }));
  });
}

function byTier(waiting: readonly Part[]): Part[][] {
  const tiers: Part[][] = [];
  for (const part of waiting) (tiers[Math.floor(Math.log2(Math.max(part.rows, 1)) / Math.log2(FAN_IN))] ??= []).push(part);
  return tiers.flatMap((tier) => {
    const merges: Part[][] = [];
    let merge: Part[] = [];
    let bytes = 0;
    for (const part of inOrder(tier)) {
      if (bytes + part.bytes > LARGEST_BYTES || merge.length === MOST_INPUTS) {
        merges.push(merge);
        merge = [];
        bytes = 0;
      }
      merge.push(part);
      bytes += part.bytes;
    }
    return merge.length >= FAN_IN || bytes >= FULL_BYTES ? [...merges, merge] : merges;
  });
}

/** As many of the smallest parts as go together without one that is larger than all before it. */
function smallest(waiting: readonly Part[]): Part[] {
  const bySize = waiting.toSorted((a, b) => a.rows - b.rows);
  let rows = 0;
  let bytes = 0;
  let count = 0;
  for (const [index, part] of bySize.entries()) {
    bytes += part.bytes;
    if (bytes > LARGEST_BYTES) break;
    if (part.rows <= rows) count = index + 1;
    rows += part.rows;
  }
  return bySize.slice(0, count);
}

/** By time, then by name, which begins with the time of making. */
function inOrder(parts: readonly Part[]): Part[] {
  return parts.toSorted((a, b) => compare(a.first ?? "", b.first ?? "") || compare(a.path, b.path));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
