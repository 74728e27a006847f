import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { Conflict, Forbidden, Invalid, Unavailable } from "../../kernel/index.ts";
import type { Db } from "../../store/index.ts";
import { decodeFrames, type FrameHeader } from "./frame.ts";
import { asBody, type Message } from "./messages.ts";
import { Spool, type Segment } from "./spool.ts";
import { receiptOf } from "./store.ts";

/** What somebody sends. */
export interface Incoming {
  source: string;
  /** The token's id: idempotency keys are the sender's own. */
  sender: string;
  key: string | null;
  origin: FrameHeader["origin"];
  body: Readable;
  /** Asked when the whole body is here: a sender who lost the right meanwhile is refused. */
  stillIn: () => Promise<boolean>;
}

/** One of the bodies that a request was taken apart into. */
export interface Part {
  source: string;
  key: string | null;
  body: Buffer;
}

/** Messages of one sender that came to a listener. */
export interface Heard {
  source: string;
  /** The listener. */
  sender: string;
  /** The network address of whoever has sent them. */
  from: string;
  messages: readonly Message[];
}

/** Events of one stretch of a stream, in its order. */
export interface Streamed {
  source: string;
  /** The collector. */
  sender: string;
  key: string;
  /** The stream, and which of those that had this name: an event is told by them and its number, whenever it is read again. */
  place: string;
  version: string;
  /** `at` in milliseconds since the epoch. */
  events: readonly { no: number; at: number; bytes: Buffer }[];
}

/** What the sender is told. */
export interface Receipt {
  id: string;
  bytes: number;
  /** It was received before, under the same key; nothing was added. */
  repeated: boolean;
}

/** Too much at once: the sender is to come back after so many seconds. */
export class TooMuch extends Unavailable {
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message, { hint: `Send it again after ${retryAfter} seconds.` });
  }
}

/** A body above the limit. */
export class TooLarge extends Invalid {}

/** One body may have so many bytes, as sent. */
export const BODY_BYTES = 16 * 1024 * 1024;
/** So much of a refused body is read and thrown away. */
const DISCARDED_BYTES = 8 * BODY_BYTES;
/** Bodies that are being received at once may have so many bytes in memory together. */
const IN_MEMORY_BYTES = 64 * 1024 * 1024;
/** Bytes waiting on disk for the workers; above it senders are held off. */
const BACKLOG_BYTES = 1024 * 1024 * 1024;

interface Pending {
  id: string;
  bytes: number;
  kept: Promise<void>;
}

/** Takes bodies in: each is on the disk, or refused, before its sender is told anything. */
export class Receiver {
  private inMemory = 0;
  /** Keys of what is not in the lake yet; those of the rest are in the database. */
  private readonly pending = new Map<string, Pending>();

  private constructor(
    private readonly db: Db,
    private readonly now: () => Date,
    readonly spool: Spool,
  ) {}

  /** @param onSegment gets what was received, in closed segments; see `Spool` */
  static async open(folder: string, { db, now }: { db: Db; now: () => Date }, onSegment: (segment: Segment) => void): Promise<Receiver> {
    const left: Segment[] = [];
    let opened = false;
    const spool = await Spool.open(folder, (segment) => (opened ? onSegment(segment) : void left.push(segment)));
    const receiver = new Receiver(db, now, spool);
    // Also of what was put aside: it may be tried again, and is not to be there twice then.
    for (const { path } of [...left, ...(await spool.quarantined())]) await receiver.rememberKeys(path);
    opened = true;
    for (const segment of left) onSegment(segment);
    return receiver;
  }

  /**
   * Keeps a body durably.
   * @throws TooMuch under pressure, TooLarge for a body above `BODY_BYTES`, Invalid for one that breaks off, Unavailable if the disk fails
   */
  async receive(incoming: Incoming): Promise<Receipt> {
    return this.holding(incoming, (body) => this.keep(incoming, body));
  }

  /**
   * Keeps what a body is taken apart into, durably: all of it, or an unclear part, which the same body sent again makes whole where its parts have keys.
   * @throws what `receive` throws, and what `takeApart` does
   */
  async receiveParts({ sender, ...incoming }: Pick<Incoming, "sender" | "body" | "stillIn">, takeApart: (body: Buffer) => Promise<Part[]>): Promise<void> {
    await this.holding(incoming, async (body, hold) => {
      const parts = await takeApart(body);
      for (const part of parts) hold(part.body.length);
      await Promise.all(parts.map(({ source, key, body: own }) => this.keep({ source, sender, key, origin: null }, own)));
    });
  }

  /**
   * Keeps messages durably, together.
   * @throws TooMuch under pressure, Unavailable if the disk fails; nothing of them is kept then
   */
  async hear({ source, sender, from, messages }: Heard): Promise<void> {
    await this.underLimits(async (hold) => {
      const body = asBody(messages);
      hold(body.length);
      const faults = messages.flatMap(({ fault }, index): [number, string][] => (fault === null ? [] : [[index + 1, fault]]));
      await this.spool.append({ header: { id: randomUUID(), source, sender, key: null, bytes: body.length, at: this.now().getTime(), origin: null, heard: { from, faults }, streamed: null }, body });
    });
  }

  /**
   * Keeps events of a stream durably, together.
   * @throws TooMuch under pressure, Unavailable if the disk fails; Conflict where others were received under this key
   */
  async stream({ source, sender, key, place, version, events }: Streamed): Promise<Receipt> {
    return this.underLimits(async (hold) => {
      const body = asBody(events);
      hold(body.length);
      return this.keep({ source, sender, key, origin: null, streamed: { place, version, events: events.map(({ no, at }) => [no, at]) } }, body);
    });
  }

  /** Forgets the keys of a committed segment, which the database knows now. */
  committed(headers: readonly FrameHeader[]): void {
    for (const header of headers) if (header.key !== null) this.pending.delete(keyOf(header));
  }

  /** Has workers try a segment again that was put aside. @param id one of `spool.quarantined` */
  async tryAgain(id: string): Promise<void> {
    const segment = await this.spool.takeBack(id);
    await this.rememberKeys(segment.path);
    this.spool.handOn(segment);
  }

  /** Reads a body whole, within what all bodies together may have of memory, and holds it for as long as it is used. */
  private async holding<T>({ body, stillIn }: Pick<Incoming, "body" | "stillIn">, use: (body: Buffer, hold: (bytes: number) => void) => Promise<T>): Promise<T> {
    return this.underLimits(async (hold) => {
      const whole = await read(body, hold);
      if (!(await stillIn())) throw new Forbidden("The token was revoked, or may not hand this in any more, since the body began; nothing of it was kept.");
      return use(whole, hold);
    });
  }

  /** @param work told with `hold` how many bytes it takes into memory */
  private async underLimits<Done>(work: (hold: (bytes: number) => void) => Promise<Done>): Promise<Done> {
    if (this.spool.backlog > BACKLOG_BYTES) throw new TooMuch("More was received than the workers have taken in.", 5);
    let held = 0;
    const hold = (bytes: number): void => {
      held += bytes;
      this.inMemory += bytes;
      if (this.inMemory > IN_MEMORY_BYTES) throw new TooMuch("Too many bodies are being received at once.", 1);
    };
    try {
      return await work(hold);
    } finally {
      this.inMemory -= held;
    }
  }

  private async keep({ source, sender, key, origin, streamed = null }: Pick<Incoming, "source" | "sender" | "key" | "origin"> & { streamed?: FrameHeader["streamed"] }, body: Buffer): Promise<Receipt> {
    const header: FrameHeader = { id: randomUUID(), source, sender, key: key ?? (origin && `object ${origin.object} ${origin.version} ${origin.from}`), bytes: body.length, at: this.now().getTime(), origin, heard: null, streamed };
    if (header.key === null) {
      await this.spool.append({ header, body });
      return { id: header.id, bytes: body.length, repeated: false };
    }
    const name = keyOf(header);
    const before = this.pending.get(name) ?? (await this.fromDatabase(header)) ?? this.pending.get(name);
    if (before) return await repeated(before, body);
    const kept = this.spool.append({ header, body });
    this.pending.set(name, { id: header.id, bytes: body.length, kept });
    try {
      await kept;
    } catch (error) {
      this.pending.delete(name);
      throw error;
    }
    return { id: header.id, bytes: body.length, repeated: false };
  }

  private async fromDatabase(header: FrameHeader): Promise<Pending | null> {
    const found = await receiptOf(this.db, header);
    return found && { ...found, kept: Promise.resolve() };
  }

  private async rememberKeys(path: string): Promise<void> {
    for (const frame of decodeFrames(await readFile(path))) {
      if ("header" in frame && frame.header.key !== null) this.pending.set(keyOf(frame.header), { id: frame.header.id, bytes: frame.header.bytes, kept: Promise.resolve() });
    }
  }
}

async function repeated(before: Pending, body: Buffer): Promise<Receipt> {
  if (before.bytes !== body.length) throw new Conflict("Another body was received under this idempotency key.", { hint: "Use a key for one body only." });
  await before.kept;
  return { id: before.id, bytes: before.bytes, repeated: true };
}

function keyOf({ sender, source, key }: FrameHeader): string {
  return JSON.stringify([sender, source, key]);
}

async function read(body: Readable, hold: (bytes: number) => void): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > BODY_BYTES) throw new TooLarge(`The body has more than ${BODY_BYTES / 1024 / 1024} MiB.`, { hint: "Send it in several requests, or compressed with gzip." });
      hold(piece.length);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof Invalid || error instanceof Unavailable) {
      discard(body);
      throw error;
    }
    throw new Invalid("The body broke off before its end; nothing of it was kept.", { cause: error });
  }
  if (size === 0) throw new Invalid("The body is empty.");
  return Buffer.concat(pieces, size);
}

/** Lets a sender finish what is refused: one whose connection is cut in the middle does not get to read why. */
function discard(body: Readable): void {
  let left = DISCARDED_BYTES;
  body.on("data", (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) body.destroy();
  });
  body.on("error", () => undefined);
}
