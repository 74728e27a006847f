import { quoteList } from "../detect/index.ts";
import { Engine } from "../lake/index.ts";
import { recognise, sourceById, type JsonRecord, type SourceDefinition } from "../sources/index.ts";
import { Batcher, type CheckDuplicates } from "./batch/batcher.ts";
import type { RowObject } from "./batch/rows.ts";
import type { ObjectRef } from "./inputs/index.ts";
import type { FromWorker, KnownVersion, ToWorker, WorkerSettings } from "./messages.ts";
import { readObject, type Opened } from "./read/readObject.ts";
import type { Slice } from "./read/split.ts";

/** A record, or with a reason a dead letter, as the reader hands it on. */
interface Incoming {
  slice: Slice;
  reason: string | null;
}

/** The object that is being read. */
interface Current {
  ref: ObjectRef;
  opened: Opened;
  source: SourceDefinition | null;
  /** Its records are wrapped as text in others (see `SourceDefinition.wrapper`): told by the first one. */
  wrapped: boolean;
  incoming: Incoming[];
  /** What its rows say of where they were read. */
  object: RowObject | null;
  /** Records up to this one are in earlier batches. */
  taken: number;
  /** The last record in the batch under way. */
  last: number;
}

/** Reads objects one after another and works their records off in batches, one batcher a source. */
class Worker {
  private readonly batchers = new Map<string, Batcher>();

  constructor(
    private readonly settings: WorkerSettings,
    private readonly send: (message: FromWorker) => void,
    private readonly check: CheckDuplicates,
  ) {}

  /** Reads an object to its end. Whatever goes wrong with it is told, and concerns no other object. */
  async read(ref: ObjectRef, known: readonly KnownVersion[]): Promise<void> {
    const current: Current = { ref, opened: { version: "", bytes: null, skip: 0 }, source: null, wrapped: false, incoming: [], object: null, taken: 0, last: 0 };
    const tell = (reason: string): void => this.send({ type: "unreadable", location: ref.location, reason });
    try {
      const read = await readObject(ref, known, {
        opened: (opened) => {
          current.opened = opened;
          current.source = this.settings.source === null ? null : (sourceById(this.settings.source) ?? null);
        },
        record: (slice) => void current.incoming.push({ slice, reason: null }),
        dead: (slice, reason) => void current.incoming.push({ slice, reason }),
        damaged: tell,
        breathe: () => this.take(current),
      });
      await this.take(current);
      await this.close(current, read.complete, true);
    } catch (error) {
      await this.take(current);
      await this.close(current, current.last, false);
      tell(error instanceof Error ? error.message : String(error));
    }
    this.send({ type: "read", location: ref.location, bytes: ref.size ?? 0 });
  }

  /** Works off whatever is left in every batcher. */
  async flush(): Promise<void> {
    for (const batcher of this.batchers.values()) if (!batcher.empty) await this.workOff(batcher);
  }

  private async take(current: Current): Promise<void> {
    const { incoming } = current;
    current.incoming = [];
    if (incoming.length === 0) return;
    if (current.taken === 0 && current.last === 0) {
      const first = firstRecord(incoming);
      current.source ??= first ? recognise(first) : sourceById("generic.json")!;
      current.wrapped = current.source.wrapper !== null && typeof first?.[current.source.wrapper] === "string";
    }
    const source = current.source!;
    const batcher = await this.batcherOf(source);
    for (const { slice, reason } of incoming) {
      current.object ??= { location: current.ref.location, version: current.opened.version, modified: current.ref.kind === "stdin" ? Date.now() : Math.trunc(current.ref.modified) };
      const known = slice.no <= current.opened.skip;
      current.last = slice.no;
      if (reason !== null) batcher.addDead(slice, current.ref.location, reason, known);
      else if (known) batcher.addRepeated(slice.end - slice.start);
      else batcher.add(slice, current.object, current.wrapped ? unwrapped(source, slice) : null);
      if (!batcher.full) continue;
      this.addRange(current, batcher, current.last, false);
      await this.workOff(batcher);
      current.taken = current.last;
    }
  }

  private async close(current: Current, complete: number, done: boolean): Promise<void> {
    // An object without a single record is remembered too, so that it is not read again.
    const batcher = await this.batcherOf(current.source ?? sourceById("generic.json")!);
    this.addRange(current, batcher, complete, done);
    if (batcher.full) await this.workOff(batcher);
  }

  private addRange(current: Current, batcher: Batcher, complete: number, done: boolean): void {
    const { version, bytes, skip } = current.opened;
    if (version === "" || skip === Number.MAX_SAFE_INTEGER) return;
    batcher.addRange({ location: current.ref.location, version, bytes, from: current.taken + 1, to: current.last, complete, done });
  }

  private async workOff(batcher: Batcher): Promise<void> {
    this.send({ type: "batch", result: await batcher.flush(this.check) });
  }

  private async batcherOf(source: SourceDefinition): Promise<Batcher> {
    const known = this.batchers.get(source.id);
    if (known) return known;
    const batcher = await Batcher.create(source, this.settings);
    this.batchers.set(source.id, batcher);
    return batcher;
  }
}

function parsed(slice: Slice): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(slice.buffer.toString("utf8", slice.start, slice.end));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null;
  } catch {
    return null;
  }
}

/** The first record that parses: by it the object's source is told. */
function firstRecord(incoming: readonly Incoming[]): JsonRecord | null {
  for (const { slice, reason } of incoming) {
    const record = reason === null ? parsed(slice) : null;
    if (record) return record;
  }
  return null;
}

/** The record wrapped as text inside this one; null when there is none. */
function unwrapped(source: SourceDefinition, slice: Slice): string | null {
  const inner = parsed(slice)?.[source.wrapper!];
  return typeof inner === "string" ? inner : null;
}

function send(message: FromWorker): void {
  process.send!(message);
}

/** A worker that cannot go on says why and ends; its parent ends the run. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(70);
}

/**
 * Runs a worker process over its IPC channel: the first message starts it, objects are read in the order they come, `flush`
 * works off the rest. It ends with its parent.
 */
export function runWorker(): void {
  process.on("disconnect", () => process.exit(0));
  const answers = new Map<string, (seen: { rows: number[]; files: string[][] }) => void>();
  const check: CheckDuplicates = (batch) =>
    new Promise((resolve) => {
      answers.set(batch.id, resolve);
      send({ type: "check", ...batch });
    });
  let worker: Worker | null = null;
  let temporary = "";
  let work = Promise.resolve();
  const handle = async (message: ToWorker): Promise<void> => {
    switch (message.type) {
      case "start":
        temporary = message.settings.temporary;
        worker = new Worker(message.settings, send, check);
        return send({ type: "ready" });
      case "object":
        return worker!.read(message.ref, message.known);
      case "flush":
        await worker!.flush();
        return send({ type: "flushed" });
      case "hashes":
        return send({ type: "hashes", hashes: await storedHashes(message.files, temporary) });
      case "checked":
    }
  };
  process.on("message", (message: ToWorker) => {
    if (message.type === "checked") {
      const answer = answers.get(message.id);
      answers.delete(message.id);
      answer?.({ rows: message.rows, files: message.files });
    } else work = work.then(() => handle(message)).catch(fail);
  });
}

/** The event hashes of parts, eight bytes each, little endian. */
async function storedHashes(files: readonly string[], temporary: string): Promise<Uint8Array[]> {
  const engine = await Engine.open(temporary);
  const hashes: Uint8Array[] = [];
  for (const file of files) {
    const rows = await engine.rowsOnce(`SELECT event_hash FROM read_parquet(${quoteList([file])})`);
    hashes.push(new Uint8Array(BigUint64Array.from(rows, ([hash]) => hash as bigint).buffer));
  }
  engine.close();
  return hashes;
}
