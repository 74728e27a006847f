import { randomUUID } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DetectionRule } from "../detect/index.ts";
import { SignalGroups, type Finding } from "../findings/index.ts";
import { Crew } from "./crew.ts";
import { lakeTarget, temporaryTarget, type Target } from "./lakeTarget.ts";
import { listAhead } from "./listing.ts";
import type { BatchResult, FromWorker, ToWorker } from "./messages.ts";
import { RunTotals, type Totals } from "./runTotals.ts";
import { SampleStore, type StoredSample } from "./samples.ts";
import { SeenEvents } from "./seenEvents.ts";

export interface ScanOptions {
  /** Files, folders, globs, `-`, `s3://…`: see `listInputs`. */
  inputs: readonly string[];
  since?: Date | undefined;
  /** Take everything for this source instead of telling it from the content. */
  source: string | null;
  /** Asked for when the first worker is starting: both take about as long. */
  rules: () => Promise<readonly DetectionRule[]>;
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

export interface ScanResult extends Totals {
  objects: number;
  signals: number;
  /** Rules that were asked. */
  rules: number;
  matchedRules: number;
  findings: Finding[];
}

/**
 * Reads logs and gives findings: lists inputs, hands objects to worker processes, tells duplicates, commits batches, folds signals.
 * @throws CorduroyError when the run cannot go on; the lake then holds the batches committed so far
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const temporary = await mkdtemp(join(tmpdir(), "corduroy-"));
  const crew = new Crew(options.workerEntry, options.workers, temporary);
  const samples = new SampleStore(join(temporary, `samples-${randomUUID()}`));
  let target: Target | null = null;
  try {
    // Before anything is written: a run without rules leaves all as it was.
    const rules = await options.rules();
    const staging = join(temporary, "staging");
    await mkdir(staging);
    target = options.keep === null ? temporaryTarget(staging) : await lakeTarget(options.keep);
    if (options.signals !== null) await writeFile(options.signals, "", { mode: 0o600 });
    return await new Scan(options, rules, target, crew, samples).run();
  } finally {
    await crew.close();
    samples.close();
    await target?.close();
    await rm(temporary, { recursive: true, force: true });
  }
}

class Scan {
  private readonly groups = new SignalGroups<StoredSample>();
  private readonly seen = new SeenEvents();
  private readonly totals = new RunTotals();
  private committing = Promise.resolve();
  private readonly progress: Progress = { objects: 0, bytes: 0, listed: false, doneObjects: 0, doneBytes: 0, events: 0 };

  constructor(
    private readonly options: ScanOptions,
    private readonly rules: readonly DetectionRule[],
    private readonly target: Target,
    private readonly crew: Crew,
    private readonly samples: SampleStore,
  ) {}

  async run(): Promise<ScanResult> {
    const { options, rules, target, crew, progress, totals } = this;
    crew.begin({
      settings: {
        rules: [...rules], anyLogsource: options.anyLogsource, source: options.source, keep: options.keep !== null,
        staging: target.staging, signals: options.signals !== null,
      },
      receive: (message, reply) => this.receive(message, reply),
    });
    await this.loadSeen();
    const listed = listAhead(options.inputs, options.since, {
      object: (ref) => {
        progress.objects++;
        progress.bytes += ref.size ?? 0;
      },
      skipped: ({ location, reason, skipped }) => totals.addSkipped(location, reason, skipped),
      unreadable: ({ location, reason }) => totals.addUnreadable({ file: location, line: null, reason, count: 0 }),
      complete: () => void (progress.listed = true),
    });
    for await (const ref of listed) await crew.assign(ref, target.known.get(ref.location) ?? []);
    await crew.finish();
    await crew.orFailure(this.committing);
    return this.result();
  }

  /** The hashes of events that the lake holds already. */
  private async loadSeen(): Promise<void> {
    for (const [source, files] of this.target.existing) {
      const { hashes } = await this.crew.ask({ type: "hashes", files }, "hashes");
      hashes.forEach((each, index) => this.seen.addPart(source, files[index]!, each));
    }
  }

  private receive(message: FromWorker, reply: (message: ToWorker) => void): void {
    switch (message.type) {
      case "check":
        void this.seen
          .check(message.batch)
          .then((suspects) => reply({ type: "checked", id: message.batch.id, suspects }))
          .catch((error: Error) => this.crew.abort(error));
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
        this.totals.addUnreadable({ file: message.location, line: null, reason: message.reason, count: 0 });
        return;
      case "ready":
      case "hashes":
      case "merged":
      case "letters":
      case "flushed":
      case "segment":
    }
  }

  private async commit(result: BatchResult): Promise<void> {
    const files = await this.target.commit(result);
    this.seen.place(result.id, result.distinct, files);
    this.totals.add(result);
    for (const group of result.groups) this.groups.add({ ...group, samples: group.samples.map((sample) => this.samples.put(sample)) });
    if (result.signalsFile !== null) {
      await appendFile(this.options.signals!, await readFile(result.signalsFile));
      await unlink(result.signalsFile);
    }
    this.progress.events = this.totals.counts.read;
    this.options.onProgress?.(this.progress);
  }

  private result(): ScanResult {
    const drafts = this.groups.findings((no) => this.rules[no]!.summary);
    return {
      ...this.totals.result(),
      objects: this.progress.doneObjects,
      signals: this.groups.signals,
      rules: this.rules.length,
      matchedRules: this.groups.matchedRules,
      findings: drafts.map((draft) => ({ ...draft, samples: draft.samples.map((sample) => this.samples.get(sample)) })),
    };
  }
}
