import type { ObjectRange } from "../../lake/index.ts";
import { genericJson, type SourceDefinition } from "../../sources/index.ts";
import type { FromWorker, WorkerSettings } from "../messages.ts";
import { linesBetween, type Lines } from "../read/lines.ts";
import type { ObjectHandler, Opened } from "../read/readObject.ts";
import type { Slice } from "../read/split.ts";
import { Batcher, type Stray } from "./batcher.ts";
import type { CheckDuplicates } from "./repeats.ts";
import { tellApart, Teller, type Told } from "./teller.ts";

/** A record, lines of text, or with a reason a dead letter, as the reader hands it on. */
interface Incoming {
  slice: Slice | Lines;
  reason: string | null;
}

/** The object that is being read. */
export interface Current {
  location: string;
  /** What is added to the number of each record: a part of an object that was sent by itself knows where it begins. */
  offset: number;
  opened: Opened;
  teller: Teller;
  incoming: Incoming[];
  /** Records up to this one are in earlier batches. */
  taken: number;
  /** The last record that was read. */
  last: number;
}

/** @param label what somebody has said that its records are; null where they tell by themselves */
export function newCurrent(location: string, modified: number, offset: number, opened: Opened, label: SourceDefinition | null): Current {
  const object = { location, version: opened.version, modified, labelled: label !== null, header: null };
  return { location, offset, opened, teller: new Teller(label, object), incoming: [], taken: 0, last: 0 };
}

/** What the reader of an object calls. */
export function handlerOf(current: () => Current, breathe: () => Promise<void>): Pick<ObjectHandler, "record" | "lines" | "dead" | "breathe"> {
  const push = (slice: Slice | Lines, reason: string | null): void => void current().incoming.push({ slice, reason });
  return { record: (slice) => push(slice, null), lines: (lines) => push(lines, null), dead: push, breathe };
}

/** Batchers that are kept for more records of their source: each holds an engine. */
const BATCHERS_KEPT = 4;

/** Takes in the records of objects and works them off in batches, one batcher a source. */
export class Intake {
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

  /** Takes in what was read since. */
  async take(current: Current): Promise<void> {
    const { teller } = current;
    const incoming = current.incoming.splice(0);
    // Once: where nothing parses, this looks at everything.
    if (teller.isOpen) expectFirst(teller, incoming);
    for (const { slice, reason } of incoming) {
      slice.no += current.offset;
      if (reason !== null) await this.addDead(current, slice, reason);
      else {
        const contents = isLines(slice) ? teller.lines(slice) : slice.no <= current.opened.skip ? [{ slice, source: teller.source, replacement: null }] : teller.record(slice);
        for (const told of contents) await ("reason" in told ? this.addDead(current, told.slice, told.reason, told.goesOn) : this.add(current, told));
      }
    }
  }

  /**
   * The object ends here.
   * @param complete records before an unfinished tail
   */
  async close(current: Current, complete: number, done: boolean): Promise<void> {
    const open = current.teller.waitsSince ?? complete + 1;
    await this.settle(current);
    // An object without a single record is remembered too, so that it is not read again.
    this.addRange(current, Math.min(complete, open - 1), done);
    if ([...this.batchers.values()].some(({ full }) => full)) await this.workOff(null);
  }

  /** Takes in the records whose end has not come. */
  async settle(current: Current): Promise<void> {
    for (const told of current.teller.rest()) await this.add(current, told);
  }

  /** Works off whatever is left. */
  async flush(): Promise<void> {
    if (this.ranges.length > 0 || [...this.batchers.values()].some(({ empty }) => !empty)) await this.workOff(null);
  }

  private async add(current: Current, told: Told): Promise<void> {
    const { slice, source, replacement, goesOn = false } = told;
    const { skip } = current.opened;
    const known = isLines(slice) ? linesBetween(slice, 0, skip + 1) : slice.no <= skip ? slice : null;
    const fresh = isLines(slice) ? linesBetween(slice, skip + 1, Infinity) : known === null ? slice : null;
    if (known !== null && isLines(known) && source.text?.header) current.teller.pass(known);
    let batcher = await this.batcherOf(source);
    if (!batcher.takes(current.teller.object)) {
      this.addRange(current, current.last, false);
      await this.workOff(current);
      batcher = await this.batcherOf(source);
    }
    const { object } = current.teller;
    if (known !== null) batcher.addRepeated(known.end - known.start, isLines(known) ? known.count : 1);
    if (fresh !== null && isLines(fresh)) batcher.addLines(fresh, object);
    else if (fresh !== null) batcher.add(fresh, object, replacement);
    await this.workOffFull(batcher, current, slice, goesOn);
  }

  private async addDead(current: Current, slice: Slice, reason: string, goesOn = false): Promise<void> {
    const batcher = await this.batcherOf(current.teller.source);
    batcher.addDead(slice, current.location, reason, slice.no <= current.opened.skip);
    await this.workOffFull(batcher, current, slice, goesOn);
  }

  /**
   * @param slice what the batcher has just taken
   * @param goesOn whether more of its record is to come: a record is read when the last of its events is
   */
  private async workOffFull(batcher: Batcher, current: Current, slice: Slice | Lines, goesOn: boolean): Promise<void> {
    current.last = Math.max(current.last, isLines(slice) ? slice.no + slice.count - 1 : goesOn ? slice.no - 1 : slice.no);
    if (!batcher.full) return;
    this.addRange(current, current.last, false);
    await this.workOff(current);
  }

  /** Lines that wait for others of their record are not read yet. */
  private addRange(current: Current, complete: number, done: boolean): void {
    const { version, bytes, skip } = current.opened;
    const to = Math.min(current.last, (current.teller.waitsSince ?? Infinity) - 1);
    if (version !== "" && skip !== Number.MAX_SAFE_INTEGER) this.ranges.push({ location: current.location, version, bytes, from: current.taken + 1, to, complete, done });
    current.taken = to;
  }

  /**
   * Works off every batcher: the records of an object may be in several. How far objects were read is told with the last batch; whoever goes on from an earlier one
   * reads the others' records again and knows them by their identity.
   * @param current the object of which more may come
   */
  private async workOff(current: Current | null): Promise<void> {
    const strays: Stray[] = [];
    let settled = 0;
    const flush = async (batcher: Batcher): Promise<void> => {
      const { result, strays: more, headed } = await batcher.flush(this.check, this.batch);
      if (headed !== null) current?.teller.follow(headed);
      for (const each of more) strays.push(each);
      if (settled === strays.length && [...this.batchers.values()].every(({ empty }) => empty)) result.objects = this.ranges.splice(0);
      this.send({ type: "batch", result });
      for (const damaged of batcher.takeDamaged()) this.send({ type: "unreadable", ...damaged });
    };
    do {
      // None is settled until all of it is in a batch: how far objects were read is not told before.
      for (; settled < strays.length; settled++) {
        const stray = strays[settled]!;
        const { object } = stray;
        // One record at a time is taken apart: all that a batch may hold would not go into memory together.
        for (const told of stray.several ? tellApart(stray.slice, object.labelled ? stray.source : null) : [stray]) {
          const { slice } = told;
          const batcher = await this.batcherOf("reason" in told ? stray.source : told.source);
          if (batcher.full || !batcher.takes(object)) await flush(batcher);
          if ("reason" in told) batcher.addDead(slice, object.location, told.reason, false);
          else batcher.addStray({ slice, source: told.source, object, replacement: told.replacement });
        }
      }
      for (const batcher of this.batchers.values()) if (!batcher.empty) await flush(batcher);
    } while (settled < strays.length);
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

const isLines = (slice: Slice | Lines): slice is Lines => "count" in slice;

/** The first record that parses tells what the object holds, unless text comes before it. */
function expectFirst(teller: Teller, incoming: readonly Incoming[]): void {
  for (const { slice, reason } of incoming) if (isLines(slice) || (reason === null && teller.expect(slice))) return;
}
