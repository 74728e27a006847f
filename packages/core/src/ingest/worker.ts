import { readFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { CorduroyError } from "../kernel/index.ts";
import { Engine, type Merged, type MergeOrder, type ObjectRange } from "../lake/index.ts";
import { genericJson, genericText, parseRecord, recognise, recogniseLine, sourceById, type JsonRecord, type Recognised, type SourceDefinition } from "../sources/index.ts";
import { Batcher, type CheckDuplicates, type Stray } from "./batch/batcher.ts";
import { mergeParts } from "./batch/parts.ts";
import type { RowObject } from "./batch/rows.ts";
import type { ObjectRef } from "./inputs/index.ts";
import type { FromWorker, KnownVersion, Suspects, ToWorker, WorkerSettings } from "./messages.ts";
import { readLetters, storedHashes } from "./readBack.ts";
import { readBytes, readObject, type Opened } from "./read/readObject.ts";
import type { Slice } from "./read/split.ts";
import { decodeFrames, type Frame, type FrameHeader } from "./receipt/frame.ts";

/** A record, a line that is no JSON, or with a reason a dead letter, as the reader hands it on. */
interface Incoming {
  slice: Slice;
  isLine: boolean;
  reason: string | null;
}

/** The object that is being read. */
interface Current {
  location: string;
  modified: number;
  /** What is added to the number of each record: a part of an object that was sent by itself knows where it begins. */
  offset: number;
  opened: Opened;
  /** What somebody has said that its records are; null where they tell by themselves. */
  label: SourceDefinition | null;
  /** What the last record was told to be. */
  told: Recognised | null;
  /** What its lines of text were told to be. */
  toldLine: SourceDefinition | null;
  incoming: Incoming[];
  /** What its rows say of where they were read. */
  object: RowObject | null;
  /** Records up to this one are in earlier batches. */
  taken: number;
  /** The last record in the batch under way. */
  last: number;
}

const NO_OBJECT = "not a JSON object";

/** Batchers that are kept for more records of their source: each holds an engine. */
const BATCHERS_KEPT = 4;

/** Reads objects one after another and works their records off in batches, one batcher a source. */
class Worker {
  /** By source, the one used last at the end. */
  private readonly batchers = new Map<string, Batcher>();
  /** What was read of objects, and not told yet: it is in the batchers. */
  private ranges: ObjectRange[] = [];
  /** The batch of the lake that everything will be committed with; null when each batch of records becomes one. */
  batch: string | null = null;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly send: (message: FromWorker) => void,
    private readonly check: CheckDuplicates,
  ) {}

  /** Reads an object to its end. Whatever goes wrong with it is told, and concerns no other object. */
  async read(ref: ObjectRef, known: readonly KnownVersion[]): Promise<void> {
    const current = newCurrent(ref.location, ref.kind === "stdin" ? Date.now() : Math.trunc(ref.modified));
    const tell = (reason: string): void => this.send({ type: "unreadable", location: ref.location, reason });
    try {
      const read = await readObject(ref, known, {
        opened: (opened) => {
          current.opened = opened;
          current.label = this.settings.source === null ? null : (sourceById(this.settings.source) ?? null);
        },
        record: (slice) => void current.incoming.push({ slice, isLine: false, reason: null }),
        line: (slice) => void current.incoming.push({ slice, isLine: true, reason: null }),
        dead: (slice, reason) => void current.incoming.push({ slice, isLine: false, reason }),
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

  /**
   * Reads the bodies of a segment and works all of it off.
   * @param bytes how much of the file was received; what a failed write has left behind it was not
   * @returns the headers of its frames
   */
  async readSegment(path: string, bytes: number): Promise<FrameHeader[]> {
    const headers: FrameHeader[] = [];
    for (const frame of decodeFrames((await readFile(path)).subarray(0, bytes))) {
      if ("header" in frame) {
        headers.push(frame.header);
        await this.readFrame(frame);
      } else if (frame.inside) this.send({ type: "unreadable", location: path, reason: `${frame.bytes} bytes in the middle of what was received are damaged.` });
    }
    await this.flush();
    return headers;
  }

  private async readFrame({ header, body }: Frame): Promise<void> {
    const { origin } = header;
    const current = newCurrent(origin?.object ?? `http:${header.id}`, header.at);
    current.offset = origin ? origin.from - 1 : 0;
    current.opened = { version: origin?.version ?? header.id, bytes: body.length, skip: 0 };
    current.label = sourceById(header.source) ?? genericJson;
    let damage: string | null = null;
    try {
      await readBytes(body, {
        record: (slice) => void current.incoming.push({ slice, isLine: false, reason: null }),
        line: (slice) => void current.incoming.push({ slice, isLine: true, reason: null }),
        dead: (slice, reason) => void current.incoming.push({ slice, isLine: false, reason }),
        damaged: (reason) => (damage ??= reason),
        breathe: () => this.take(current),
      });
    } catch (error) {
      if (!(error instanceof CorduroyError)) throw error;
      damage ??= error.message;
    }
    await this.take(current);
    if (damage === null) return;
    // Nobody else has these bytes any more: what could not be read of the body is kept with the whole of it.
    current.incoming.push({ slice: { buffer: body, start: 0, end: body.length, no: current.last - current.offset + 1 }, isLine: false, reason: damage });
    await this.take(current);
  }

  /** Works off whatever is left. */
  async flush(): Promise<void> {
    if (this.ranges.length > 0 || [...this.batchers.values()].some(({ empty }) => !empty)) await this.workOff();
  }

  private async take(current: Current): Promise<void> {
    const { incoming } = current;
    current.incoming = [];
    // Once: where nothing parses, this looks at everything.
    current.told ??= toldByFirst(incoming);
    for (const each of incoming) {
      const { slice } = each;
      current.object ??= { location: current.location, version: current.opened.version, modified: current.modified, labelled: current.label !== null };
      const text = each.isLine ? lineSource(current, slice) : null;
      const reason = each.isLine && text === null ? NO_OBJECT : each.reason;
      slice.no += current.offset;
      const known = slice.no <= current.opened.skip;
      current.last = slice.no;
      const replacement = reason !== null || known || text !== null ? null : tell(current, slice);
      const batcher = await this.batcherOf(text ?? sourceOf(current));
      if (reason !== null) batcher.addDead(slice, current.location, reason, known);
      else if (known) batcher.addRepeated(slice.end - slice.start);
      else batcher.add(slice, current.object, replacement);
      if (!batcher.full) continue;
      this.addRange(current, current.last, false);
      await this.workOff();
      current.taken = current.last;
    }
  }

  private async close(current: Current, complete: number, done: boolean): Promise<void> {
    // An object without a single record is remembered too, so that it is not read again.
    this.addRange(current, complete, done);
    if ([...this.batchers.values()].some(({ full }) => full)) await this.workOff();
  }

  private addRange(current: Current, complete: number, done: boolean): void {
    const { version, bytes, skip } = current.opened;
    if (version === "" || skip === Number.MAX_SAFE_INTEGER) return;
    this.ranges.push({ location: current.location, version, bytes, from: current.taken + 1, to: current.last, complete, done });
  }

  /**
   * Works off every batcher: the records of an object may be in several. How far objects were read is told with the last batch; whoever goes on from an earlier one
   * reads the others' records again and knows them by their identity.
   */
  private async workOff(): Promise<void> {
    const strays: Stray[] = [];
    const flush = async (batcher: Batcher): Promise<void> => {
      const { result, strays: more } = await batcher.flush(this.check, this.batch);
      strays.push(...more);
      if (strays.length === 0 && [...this.batchers.values()].every(({ empty }) => empty)) result.objects = this.ranges.splice(0);
      this.send({ type: "batch", result });
      for (const damaged of batcher.takeDamaged()) this.send({ type: "unreadable", ...damaged });
    };
    do {
      for (let stray = strays.shift(); stray; stray = strays.shift()) {
        const batcher = await this.batcherOf(stray.source);
        if (batcher.full) await flush(batcher);
        batcher.addStray(stray);
      }
      for (const batcher of this.batchers.values()) if (!batcher.empty) await flush(batcher);
    } while (strays.length > 0);
    // Objects without a record are remembered too.
    if (this.ranges.length > 0) await flush(await this.batcherOf(genericJson));
    for (const [id, batcher] of [...this.batchers].slice(0, -BATCHERS_KEPT)) {
      batcher.close();
      this.batchers.delete(id);
    }
  }

  private async batcherOf(source: SourceDefinition): Promise<Batcher> {
    const batcher = this.batchers.get(source.id) ?? (await Batcher.create(source, this.settings));
    this.batchers.delete(source.id);
    this.batchers.set(source.id, batcher);
    return batcher;
  }
}

function newCurrent(location: string, modified: number): Current {
  return { location, modified, offset: 0, opened: { version: "", bytes: null, skip: 0 }, label: null, told: null, toldLine: null, incoming: [], object: null, taken: 0, last: 0 };
}

function parsed({ buffer, start, end }: Slice): JsonRecord | null {
  return parseRecord(buffer.toString("utf8", start, end));
}

/**
 * The source of a line that is no JSON; null where it can only be damage: among records that are said to be JSON, or that are of a known source and have had no
 * lines of text among them.
 */
function lineSource(current: Current, { buffer, start, end }: Slice): SourceDefinition | null {
  const { label, told } = current;
  if (label !== null) return label.text === null ? null : label;
  if (current.toldLine === null && told !== null && told.source !== genericJson) return null;
  if (current.toldLine === null || current.toldLine === genericText) current.toldLine = recogniseLine(buffer.toString("utf8", start, end));
  return current.toldLine;
}

/** What the first record that parses was told to be. */
function toldByFirst(incoming: readonly Incoming[]): Recognised | null {
  for (const { slice, isLine, reason } of incoming) {
    if (isLine) return null;
    const record = reason === null ? parsed(slice) : null;
    if (record) return recognise(record);
  }
  return null;
}

/** The batcher's source for what comes next in an object. */
function sourceOf({ label, told }: Current): SourceDefinition {
  return label ?? told?.source ?? genericJson;
}

/**
 * Tells what a record is, where that is not plain: records that are events themselves, of a known source, mostly have neighbours of the same kind, and the batch
 * finds those that are not. @returns the event as JSON text where the record wraps it
 */
function tell(current: Current, slice: Slice): string | null {
  const { label, told } = current;
  const plain = label === genericJson || (label !== null && label.text !== null) || (told !== null && told.text === null && (told.source !== genericJson || label !== null));
  if (plain) return null;
  const record = parsed(slice);
  if (record === null) return null;
  current.told = recognise(record);
  return label === null || label === current.told.source ? current.told.text : null;
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
  // An exit in the middle of a statement waits for DuckDB's thread, which waits for this one: the worker would stay for ever.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const answers = new Map<string, (seen: Suspects) => void>();
  const check: CheckDuplicates = (batch) =>
    new Promise((resolve) => {
      answers.set(batch.id, resolve);
      send({ type: "check", batch });
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
        worker!.batch = message.batch;
        return worker!.read(message.ref, message.known);
      case "segment":
        worker!.batch = message.batch;
        return send({ type: "segment", headers: await worker!.readSegment(message.path, message.bytes) });
      case "flush":
        await worker!.flush();
        return send({ type: "flushed" });
      case "hashes":
        return send({ type: "hashes", hashes: await storedHashes(message.files, temporary) });
      case "merge":
        return send({ type: "merged", merged: await merged(message.order, temporary) });
      case "letters":
        return send({ type: "letters", letters: await readLetters(message) });
      case "checked":
    }
  };
  process.on("message", (message: ToWorker) => {
    if (message.type === "checked") {
      const answer = answers.get(message.id);
      answers.delete(message.id);
      answer?.(message.suspects);
    } else work = work.then(() => handle(message)).catch(fail);
  });
}

/** Merging can wait: whatever else runs on the machine goes first. */
async function merged(order: MergeOrder, temporary: string): Promise<Merged> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const engine = await Engine.open(temporary);
  try {
    return await mergeParts(engine, order);
  } finally {
    engine.close();
  }
}
