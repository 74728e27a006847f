import type { Counts } from "../lake/index.ts";
import type { BatchResult } from "./messages.ts";
import { TopCounter } from "./top.ts";

/** A place that could not be read; `line` null means the object as a whole. */
export interface UnreadablePlace {
  file: string;
  line: number | null;
  reason: string;
  /** Records lost there. */
  count: number;
}

/** What all batches of a run add up to. */
export interface Totals {
  counts: Counts;
  /** Bytes of the records, unpacked. */
  bytes: number;
  volume: [string, number][];
  identities: { kind: string; name: string; count: number }[];
  addresses: [string, number][];
  services: [string, number][];
  operations: [string, number][];
  sources: { source: string; events: number; first: string | null; last: string | null }[];
  unreadable: UnreadablePlace[];
  unreadableTotal: number;
  /** What was left out on purpose, in words. */
  skipped: { location: string; reason: string; count: number }[];
}

/** Places told one by one. */
const UNREADABLE_TOLD = 500;
/** Entries of each list of most frequent values. */
const TOP = 20;

/** Adds batches up. */
export class RunTotals {
  readonly counts: Counts = { read: 0, stored: 0, duplicate: 0, dead: 0 };
  private bytes = 0;
  private readonly volume = new Map<string, number>();
  private readonly identities = new TopCounter();
  private readonly tops = { addresses: new TopCounter(), services: new TopCounter(), operations: new TopCounter() };
  private readonly sources = new Map<string, { events: number; first: string | null; last: string | null }>();
  private readonly unreadable: UnreadablePlace[] = [];
  private unreadableTotal = 0;
  private readonly skipped: Totals["skipped"] = [];

  add({ totals, source, counts, bytes, dead }: BatchResult): void {
    for (const name of ["read", "stored", "duplicate", "dead"] as const) this.counts[name] += counts[name];
    this.bytes += bytes;
    for (const [hour, count] of totals.volume) this.volume.set(hour, (this.volume.get(hour) ?? 0) + count);
    for (const [kind, name, count] of totals.identities) this.identities.add(JSON.stringify([kind, name]), count);
    for (const field of ["addresses", "services", "operations"] as const) for (const [name, count] of totals[field]) this.tops[field].add(name, count);
    for (const letter of dead) this.addUnreadable({ ...letter, count: 1 });
    this.unreadableTotal += counts.dead - dead.length;
    if (counts.stored === 0) return;
    const known = this.sources.get(source) ?? { events: 0, first: null, last: null };
    known.events += counts.stored;
    if (totals.first !== null && (known.first === null || totals.first < known.first)) known.first = totals.first;
    if (totals.last !== null && (known.last === null || totals.last > known.last)) known.last = totals.last;
    this.sources.set(source, known);
  }

  addUnreadable(place: UnreadablePlace): void {
    this.unreadableTotal++;
    if (this.unreadable.length < UNREADABLE_TOLD) this.unreadable.push(place);
  }

  addSkipped(location: string, reason: string, count: number): void {
    this.skipped.push({ location, reason, count });
  }

  result(): Totals {
    return {
      counts: this.counts,
      bytes: this.bytes,
      volume: [...this.volume].sort(([a], [b]) => (a < b ? -1 : 1)),
      identities: this.identities.top(TOP).map(([key, count]) => {
        const [kind, name] = JSON.parse(key) as [string, string];
        return { kind, name, count };
      }),
      addresses: this.tops.addresses.top(TOP),
      services: this.tops.services.top(TOP),
      operations: this.tops.operations.top(TOP),
      sources: [...this.sources].map(([source, about]) => ({ source, ...about })),
      unreadable: this.unreadable,
      unreadableTotal: this.unreadableTotal,
      skipped: this.skipped,
    };
  }
}
