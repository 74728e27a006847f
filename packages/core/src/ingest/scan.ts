import { randomUUID } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DetectionRule } from "../detect/index.ts";
import { SignalGroups, type Finding } from "../findings/index.ts";
import type { Counts } from "../lake/index.ts";
import { Crew } from "./crew.ts";
import { HashIndex } from "./duplicates.ts";
import { listInputs, type ObjectRef } from "./inputs/index.ts";
import { lakeTarget, temporaryTarget, type Target } from "./lakeTarget.ts";
import type { BatchResult, FromWorker, ToWorker } from "./messages.ts";
import { SampleStore, type StoredSample } from "./samples.ts";
import { TopCounter } from "./top.ts";

export interface ScanOptions {
  /** Files, folders, globs, `-`, `s3://…`: see `listInputs`. */
  inputs: readonly string[];
  since?: Date | undefined;
  /** Take everything for this source instead of telling it from the content. */
  source: string | null;
  rules: readonly DetectionRule[];
  /** Ask every rule of every event. */
  anyLogsource: boolean;
  /** Folder of the lake to keep the events in; null keeps nothing. */
  keep: string | null;
  /** File that gets one JSON line a match; null for none. */
  signals: string | null;
  /** The program of a worker process: a built file that calls `runWorker`. */
  workerEntry: string;
  workers: number;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a scan is; sizes are bytes as stored. */
export interface Progress {
  /** Objects and bytes found so far, and whether all were found. */
  objects: number;
  bytes: number;
  listed: boolean;
  doneObjects: number;
  doneBytes: number;
  events: number;
}

/** A place that could not be read; `line` null means the object as a whole. */
export interface UnreadablePlace {
  file: string;
  line: number | null;
  reason: string;
  /** Records lost there. */
  count: number;
}

export interface ScanResult {
  counts: Counts;
  /** Bytes of the records, unpacked. */
  bytes: number;
  objects: number;
  signals: number;
  matchedRules: number;
  findings: Finding[];
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
/** Objects listed ahead of the workers: enough to know how much there is in most runs. */
const LISTED_AHEAD = 100_000;

/**
 * Reads logs and gives findings: lists inputs, hands objects to worker processes, tells duplicates, commits batches, folds signals.
 * @throws CorduroyError when the run cannot go on; the lake then holds the batches committed so far
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const temporary = await mkdtemp(join(tmpdir(), "corduroy-"));
  try {
    const staging = join(temporary, "staging");
    await mkdir(staging);
    const target = options.keep === null ? temporaryTarget(staging) : await lakeTarget(options.keep);
    try {
      if (options.signals !== null) await writeFile(options.signals, "", { mode: 0o600 });
      return await new Scan(options, target, temporary).run();
    } finally {
      await target.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

class Scan {
  private readonly crew: Crew;
  private readonly samples: SampleStore;
  private readonly groups = new SignalGroups<StoredSample>();
  private readonly indexes = new Map<string, HashIndex>();
  /** Event parts of each batch, by number; resolved once they are in place. */
  private readonly batches: Promise<string[]>[] = [];
  private readonly numbers = new Map<string, { number: number; placed: (files: string[]) => void; hashes: Uint32Array }>();
  private committing = Promise.resolve();
  private readonly counts: Counts = { read: 0, stored: 0, duplicate: 0, dead: 0 };
  private readonly volume = new Map<string, number>();
  private readonly identities = new TopCounter();
  private readonly tops = { addresses: new TopCounter(), services: new TopCounter(), operations: new TopCounter() };
  private readonly sources = new Map<string, { events: number; first: string | null; last: string | null }>();
  private readonly unreadable: UnreadablePlace[] = [];
  private unreadableTotal = 0;
  private readonly skipped: ScanResult["skipped"] = [];
  private bytes = 0;
  private readonly progress: Progress = { objects: 0, bytes: 0, listed: false, doneObjects: 0, doneBytes: 0, events: 0 };

  constructor(
    private readonly options: ScanOptions,
    private readonly target: Target,
    temporary: string,
  ) {
    this.samples = new SampleStore(join(temporary, `samples-${randomUUID()}`));
    const settings = {
      rules: [...options.rules], anyLogsource: options.anyLogsource, source: options.source, keep: options.keep !== null,
      staging: target.staging, signals: options.signals !== null,
    };
    this.crew = new Crew(options.workerEntry, options.workers, settings, temporary, (message, reply) => this.receive(message, reply));
  }

  async run(): Promise<ScanResult> {
    try {
      await this.loadHashes();
      for await (const ref of this.list()) {
        await this.crew.assign(ref, this.target.known.get(ref.location) ?? []);
      }
      await this.crew.finish();
      await this.crew.orFailure(this.committing);
      return this.result();
    } finally {
      await this.crew.close();
      this.samples.close();
    }
  }

  /** Lists ahead of the workers, so that progress knows how much there is. */
  private async *list(): AsyncGenerator<ObjectRef> {
    const found: ObjectRef[] = [];
    // Called when something was found, and when there is room for more.
    const signal = { found: (): void => undefined, room: (): void => undefined };
    let failure: unknown = null;
    const listing = (async () => {
      for await (const item of listInputs(this.options.inputs, { since: this.options.since })) {
        if ("kind" in item) {
          this.progress.objects++;
          this.progress.bytes += item.size ?? 0;
          found.push(item);
          signal.found();
          if (found.length >= LISTED_AHEAD) await new Promise<void>((resolve) => (signal.room = resolve));
        } else if ("skipped" in item) this.skipped.push({ location: item.location, reason: item.reason, count: item.skipped });
        else this.addUnreadable({ file: item.location, line: null, reason: item.reason, count: 0 });
      }
    })()
      .catch((error: unknown) => (failure = error))
      .finally(() => {
        this.progress.listed = true;
        signal.found();
      });
    let at = 0;
    for (;;) {
      if (at < found.length) {
        yield found[at++]!;
        if (at >= 1000) {
          found.splice(0, at);
          at = 0;
          signal.room();
        }
      } else if (this.progress.listed) break;
      else await new Promise<void>((resolve) => (signal.found = resolve));
    }
    await listing;
    if (failure) throw failure;
  }

  /** The hashes of events that the lake holds already. */
  private async loadHashes(): Promise<void> {
    for (const [source, files] of this.target.existing) {
      const index = this.indexOf(source);
      const { hashes } = await this.crew.ask({ type: "hashes", files }, "hashes");
      hashes.forEach((bytes, at) => {
        const number = this.batches.push(Promise.resolve([files[at]!])) - 1;
        const words = wordsOf(bytes);
        for (let k = 0; k < words.length; k += 2) if (index.claim(words[k]!, words[k + 1]!, number).length > 0) index.addOther(words[k]!, words[k + 1]!, number);
      });
    }
  }

  private indexOf(source: string): HashIndex {
    const index = this.indexes.get(source) ?? new HashIndex();
    this.indexes.set(source, index);
    return index;
  }

  private receive(message: FromWorker, reply: (message: ToWorker) => void): void {
    switch (message.type) {
      case "check":
        void this.check(message, reply).catch((error: Error) => this.crew.abort(error));
        return;
      case "batch":
        this.committing = this.committing.then(() => this.commit(message.result)).catch((error: Error) => this.crew.abort(error));
        return;
      case "read":
        this.progress.doneObjects++;
        this.progress.doneBytes += message.bytes;
        this.options.onProgress?.(this.progress);
        return;
      case "unreadable":
        this.addUnreadable({ file: message.location, line: null, reason: message.reason, count: 0 });
        return;
      case "ready":
      case "hashes":
      case "flushed":
    }
  }

  /** Which rows of a batch have a hash that was seen before; waits until the earlier parts are in place. */
  private async check(batch: Extract<FromWorker, { type: "check" }>, reply: (message: ToWorker) => void): Promise<void> {
    const index = this.indexOf(batch.source);
    let placed!: (files: string[]) => void;
    const number = this.batches.push(new Promise((resolve) => (placed = resolve))) - 1;
    const words = wordsOf(batch.hashes);
    this.numbers.set(batch.id, { number, placed, hashes: words });
    const rows: number[] = [];
    const earlier: number[][] = [];
    for (let k = 0; k < words.length; k += 2) {
      const found = index.claim(words[k]!, words[k + 1]!, number);
      if (found.length === 0) continue;
      rows.push(k / 2);
      earlier.push(found.filter((each) => each !== number));
    }
    const files: string[][] = [];
    for (const numbers of earlier) files.push((await Promise.all(numbers.map((each) => this.batches[each]!))).flat());
    reply({ type: "checked", id: batch.id, rows, files });
  }

  private async commit(result: BatchResult): Promise<void> {
    const files = await this.target.commit(result);
    const { number, placed, hashes } = this.numbers.get(result.id)!;
    this.numbers.delete(result.id);
    const index = this.indexOf(result.source);
    for (const row of result.distinct) index.addOther(hashes[2 * row]!, hashes[2 * row + 1]!, number);
    placed(files);
    for (const name of ["read", "stored", "duplicate", "dead"] as const) this.counts[name] += result.counts[name];
    this.bytes += result.bytes;
    this.progress.events = this.counts.read;
    for (const group of result.groups) this.groups.add({ ...group, samples: group.samples.map((sample) => this.samples.put(sample)) });
    if (result.signalsFile !== null) {
      await appendFile(this.options.signals!, await readFile(result.signalsFile));
      await unlink(result.signalsFile);
    }
    this.addTotals(result);
    for (const letter of result.dead) this.addUnreadable({ ...letter, count: 1 });
    this.unreadableTotal += result.counts.dead - result.dead.length;
    this.options.onProgress?.(this.progress);
  }

  private addTotals({ totals, source, counts }: BatchResult): void {
    for (const [hour, count] of totals.volume) this.volume.set(hour, (this.volume.get(hour) ?? 0) + count);
    for (const [kind, name, count] of totals.identities) this.identities.add(JSON.stringify([kind, name]), count);
    for (const field of ["addresses", "services", "operations"] as const) for (const [name, count] of totals[field]) this.tops[field].add(name, count);
    if (counts.stored === 0) return;
    const known = this.sources.get(source) ?? { events: 0, first: null, last: null };
    known.events += counts.stored;
    if (totals.first !== null && (known.first === null || totals.first < known.first)) known.first = totals.first;
    if (totals.last !== null && (known.last === null || totals.last > known.last)) known.last = totals.last;
    this.sources.set(source, known);
  }

  private addUnreadable(place: UnreadablePlace): void {
    this.unreadableTotal++;
    if (this.unreadable.length < UNREADABLE_TOLD) this.unreadable.push(place);
  }

  private result(): ScanResult {
    const drafts = this.groups.findings((no) => this.options.rules[no]!.summary);
    return {
      counts: this.counts,
      bytes: this.bytes,
      objects: this.progress.doneObjects,
      signals: this.groups.signals,
      matchedRules: this.groups.matchedRules,
      findings: drafts.map((draft) => ({ ...draft, samples: draft.samples.map((sample) => this.samples.get(sample)) })),
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

function wordsOf(bytes: Uint8Array): Uint32Array {
  // A copy is aligned, which a view into a message need not be.
  return new Uint32Array(bytes.slice().buffer);
}
