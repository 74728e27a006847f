import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { addRuleVolume, type DetectionRule } from "../../detect/index.ts";
import { recordMatches, type Belongs, type Recorded } from "../../findings/index.ts";
import { currentParts, openServiceLake, type ServiceLake } from "../../lake/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { FailureKind } from "../batch/failureKind.ts";
import type { BatchResult } from "../messages.ts";
import { Receiver } from "../receipt/receive.ts";
import type { Segment } from "../receipt/spool.ts";
import { letterReader, type LetterReader } from "./letterReader.ts";
import { PartIndex } from "./partIndex.ts";
import { Pipeline } from "./pipeline.ts";
import { Upkeep } from "./upkeep.ts";
import { UncommittedEvents } from "./uncommittedEvents.ts";
import { WorkerPool, type Task, type Worked } from "./workerPool.ts";

export interface IngestOptions {
  /** The data folder; `lake`, `spool` and `work` in it are used. */
  folder: string;
  rules: readonly DetectionRule[];
  /** The program of a worker process. */
  workerEntry: string;
  workers: number;
  belongs: Belongs;
  /** Runs in the transaction of every batch that has touched findings. */
  onFindings: (ctx: DbCtx, recorded: Recorded) => Promise<void>;
  /** Told in plain words what does not go on, or was put aside. */
  onTrouble: (text: string) => void;
}

type ObjectTask = Extract<Task, { kind: "object" }>;

/** So many tasks a worker, and what was received is in the lake seconds later than it could be. */
const BEHIND = 3;

/** Everything between a received body and the lake. */
export interface Ingest {
  receiver: Receiver;
  lake: ServiceLake;
  index: PartIndex;
  upkeep: Upkeep;
  /**
   * Reads an object of a store; resolves when what could be read of it is in the lake, and never once ingest is being closed.
   * @returns what could not be read
   */
  read(task: ObjectTask): Promise<Worked["unreadable"]>;
  /** Dead letters, as their parts hold them; see `LetterReader`. */
  letters: LetterReader;
  /** Tasks that are not in the lake yet. */
  backlog(): number;
  /** Whether what was received waits for the workers for longer than a moment. */
  isBehind(): boolean;
  /** How many records of each source could not be read since this process began, by kind of reason. */
  failures: ReadonlyMap<string, BatchResult["failures"]>;
  workerPids(): number[];
  close(): Promise<void>;
}

/**
 * Starts to take in: whatever an earlier run has left is worked off first.
 * @param ctx of the product itself, with the database, not a transaction
 */
export async function startIngest(ctx: DbCtx, options: IngestOptions): Promise<Ingest> {
  const lake = await openServiceLake(ctx, join(options.folder, "lake"));
  const index = new PartIndex(lake.folder, await currentParts(ctx.db, { kind: "events" }));
  const temporary = join(options.folder, "work");
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const uncommitted = new UncommittedEvents(index);
  const settings = { rules: [...options.rules], anyLogsource: false, source: null, keep: true, staging: lake.staging, signals: false };
  const pool = new WorkerPool({ entry: options.workerEntry, most: options.workers, settings, temporary, uncommitted });
  const isBehind = (): boolean => pipeline.backlog > BEHIND * options.workers;
  const upkeep = new Upkeep(lake, index, new WorkerPool({ entry: options.workerEntry, most: 1, settings, temporary: join(temporary, "merge"), uncommitted }), isBehind);
  const segments = new Map<string, Segment>();
  const objects = new Map<string, { done: (unreadable: Worked["unreadable"]) => void; failed: (error: Error) => void }>();
  const failures = new Map<string, BatchResult["failures"]>();
  let receiver: Receiver | null = null;
  const pipeline = new Pipeline(
    ctx.db,
    lake,
    pool,
    uncommitted,
    index,
    async (inside, worked) => {
      const volume = new Map<string, { signals: number; last: Date }>();
      for (const { rule, count, last } of worked.results.flatMap(({ groups }) => groups)) {
        const { id } = options.rules[rule]!.summary;
        const known = volume.get(id) ?? { signals: 0, last: new Date(0) };
        const at = new Date(last);
        volume.set(id, { signals: known.signals + count, last: at > known.last ? at : known.last });
      }
      await addRuleVolume(inside, volume);
      const matches = worked.results.flatMap(({ source, groups }) => groups.map(({ rule, ...group }) => ({ rule: options.rules[rule]!.summary, group, source })));
      if (matches.length > 0) await options.onFindings(inside, await recordMatches(inside, matches, options.belongs));
    },
    {
      committed: async (task, worked) => {
        for (const { source, failures: more } of worked?.results ?? []) addFailures(failures, source, more);
        if (task.kind === "object") return objects.get(task.id)?.done(worked?.unreadable ?? []);
        for (const { location, reason } of worked?.unreadable ?? []) options.onTrouble(`${location}: ${reason}`);
        receiver!.committed(worked?.headers ?? []);
        await receiver!.spool.remove(segments.get(task.id)!);
        segments.delete(task.id);
      },
      quarantined: async (task, reason) => {
        if (task.kind === "object") objects.get(task.id)?.failed(new Error(reason));
        else {
          await receiver!.spool.putAside(segments.get(task.id)!, reason, ctx.now());
          segments.delete(task.id);
        }
        options.onTrouble(task.kind === "object" ? `${task.id} was put aside: ${reason}` : `The segment ${task.id} was put aside, with what was received in it: ${reason} To try it again: corduroy sources retry ${task.id}`);
      },
      stuck: (reason) => options.onTrouble(reason),
    },
  );
  const left: Segment[] = [];
  const onSegment = (segment: Segment): void => {
    segments.set(segment.id, segment);
    if (receiver === null) left.push(segment);
    else pipeline.add({ kind: "segment", ...segment });
  };
  receiver = await Receiver.open(join(options.folder, "spool"), ctx, onSegment);
  for (const segment of left) pipeline.add({ kind: "segment", ...segment });
  return {
    receiver,
    lake,
    index,
    upkeep,
    read: (task) =>
      new Promise<Worked["unreadable"]>((done, failed) => {
        objects.set(task.id, { done, failed });
        pipeline.add(task);
      }).finally(() => objects.delete(task.id)),
    letters: letterReader(options.workerEntry, temporary, lake.folder),
    backlog: () => pipeline.backlog,
    isBehind,
    failures,
    workerPids: () => pool.pids(),
    close: async () => {
      await receiver.spool.seal();
      await upkeep.close();
      await pipeline.close();
      await lake.manifest.close();
    },
  };
}

function addFailures(failures: Map<string, BatchResult["failures"]>, source: string, more: BatchResult["failures"]): void {
  const counts = failures.get(source) ?? {};
  for (const [kind, count] of Object.entries(more) as [FailureKind, number][]) counts[kind] = (counts[kind] ?? 0) + count;
  failures.set(source, counts);
}
