import type { Message } from "../receipt/messages.ts";

/** A longer message is cut. */
export const LONGEST_MESSAGE = 1024 * 1024;
/** A count above it is none: nobody sends such messages, and what comes is not to be passed over for as long. */
const MOST_COUNTED = 16 * 1024 * 1024;
const COUNT_DIGITS = 9;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

export const TOO_LONG = "longer than 1 MiB (its first MiB is kept)";
export const NO_COUNT = "no length of a message where one was due: the connection was closed";
export const WRONG_COUNT = "the length before this message cannot be true: the connection was closed";
export const CUT_OFF = "the connection ended inside this message";

/** What the connection is in the middle of; `counted` knows how many bytes of the message are still to come. */
type State = { is: "head"; digits: string } | { is: "counted"; left: number } | { is: "line" } | { is: "lost" };

/**
 * Takes the messages of one connection apart by RFC 6587: behind their lengths (octet counting) where the connection begins with digits and a space, else at newlines. A newline at a message's
 * end is not kept, nor are empty messages.
 */
export class Framing {
  private state: State = { is: "head", digits: "" };
  /** Whether the connection counts octets; null before that is known. */
  private counts: boolean | null = null;
  private pieces: Buffer[] = [];
  private size = 0;

  /** Where messages begin is not known any more: nothing that follows can be read. */
  get lost(): boolean {
    return this.state.is === "lost";
  }

  /** Bytes kept of a message whose end has not come. */
  get kept(): number {
    return Math.min(this.size, LONGEST_MESSAGE);
  }

  /** Whether a message has begun that has not ended. */
  get isInside(): boolean {
    return this.size > 0 || this.state.is === "counted" || (this.state.is === "head" && this.state.digits !== "");
  }

  *push(chunk: Buffer): Generator<Message> {
    for (let at = 0; at < chunk.length && this.state.is !== "lost"; ) {
      const { state } = this;
      if (state.is === "head") at = yield* this.head(state, chunk, at);
      else if (state.is === "line") {
        const newline = chunk.indexOf(NEWLINE, at);
        this.keep(chunk.subarray(at, newline < 0 ? chunk.length : newline));
        if (newline >= 0) yield* this.whole(null);
        at = newline < 0 ? chunk.length : newline + 1;
      } else {
        const taken = chunk.subarray(at, at + state.left);
        this.keep(taken);
        state.left -= taken.length;
        at += taken.length;
        if (state.left === 0) {
          yield* this.whole(null);
          this.state = { is: "head", digits: "" };
        }
      }
    }
  }

  /** The message that the connection ended in. @param clean the sender has ended it, so that a last line needs no newline */
  *end(clean: boolean): Generator<Message> {
    const { state } = this;
    if (state.is === "head" && state.digits !== "") this.keep(Buffer.from(state.digits));
    yield* this.whole(clean && this.counts !== true ? null : CUT_OFF);
    this.state = { is: "lost" };
  }

  /** Gives up on what follows. @param rest what of it is at hand */
  *lose(reason: string, rest: Buffer): Generator<Message> {
    this.state = { is: "lost" };
    this.keep(rest);
    const bytes = Buffer.concat(this.pieces).subarray(0, LONGEST_MESSAGE);
    [this.pieces, this.size] = [[], 0];
    // As it came: a newline at its end frames nothing here, and may be all there is.
    if (bytes.length > 0) yield { bytes, fault: reason };
  }

  private *head(state: State & { is: "head" }, chunk: Buffer, at: number): Generator<Message, number> {
    const byte = chunk[at]!;
    // Some senders put a newline behind messages that they have counted.
    if (byte === NEWLINE && this.counts === true && state.digits === "") return at + 1;
    if (byte >= ZERO && byte <= NINE && state.digits.length < COUNT_DIGITS && (byte !== ZERO || state.digits !== "")) {
      state.digits += String.fromCharCode(byte);
      return at + 1;
    }
    const isCount = byte === SPACE && state.digits !== "";
    this.counts ??= isCount;
    if (!this.counts) {
      this.keep(Buffer.from(state.digits));
      this.state = { is: "line" };
      return at;
    }
    const count = Number(state.digits);
    if (isCount && count <= MOST_COUNTED) {
      this.state = { is: "counted", left: count };
      return at + 1;
    }
    this.keep(Buffer.from(state.digits));
    yield* this.lose(isCount ? WRONG_COUNT : NO_COUNT, chunk.subarray(at));
    return chunk.length;
  }

  private keep(bytes: Buffer): void {
    if (this.size <= LONGEST_MESSAGE) this.pieces.push(bytes.subarray(0, LONGEST_MESSAGE - this.size + 1));
    this.size += bytes.length;
  }

  private *whole(fault: string | null): Generator<Message> {
    const kept = Buffer.concat(this.pieces);
    const bytes = kept.length < this.size ? kept : withoutEnd(kept);
    [this.pieces, this.size] = [[], 0];
    if (bytes.length > 0) yield { bytes: bytes.subarray(0, LONGEST_MESSAGE), fault: fault ?? (bytes.length > LONGEST_MESSAGE ? TOO_LONG : null) };
  }
}

/** A message without the newline at its end, which frames it, or was left there by whoever passed it on. */
export function withoutEnd(bytes: Buffer): Buffer {
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  return bytes.subarray(0, bytes[end - 1] === RETURN ? end - 1 : end);
}
