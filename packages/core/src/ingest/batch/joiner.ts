import type { TextForm } from "../../sources/index.ts";
import type { Slice } from "../read/split.ts";

/** An event whose further lines are this many lines away is taken as it is: writers mix the lines of a few events, not of thousands. */
const LINES_WAITED = 1000;
/** Bytes of the lines of one event: what goes beyond is an event of its own. */
const EVENT_BYTES = 1024 * 1024;
/** Of all that wait; and so many events at once. The one that began first is taken as it is. */
const WAITING_BYTES = 16 * EVENT_BYTES;
const WAITING_EVENTS = 1000;

interface Waiting {
  lines: Buffer[];
  bytes: number;
  no: number;
  /** The number of its last line so far. */
  last: number;
}

/** Joins the lines of which one event is made; other events' lines may stand between them. */
export class LineJoiner {
  /** By the event they are of, the one that began first in front. */
  private readonly waiting = new Map<string, Waiting>();
  private bytes = 0;

  constructor(private readonly joins: NonNullable<TextForm["joins"]>) {}

  /** The number of the first line that is not part of a record yet; null when all are. */
  get open(): number | null {
    const [first] = this.waiting.values();
    return first?.no ?? null;
  }

  /** Takes the next line. @returns the records that are whole now */
  take(line: Slice): Slice[] {
    const { buffer, start, end, no } = line;
    const whole: Slice[] = [];
    const part = this.joins(buffer.toString("utf8", start, end));
    for (const [event, { last }] of this.waiting) {
      if (no - last <= LINES_WAITED) break;
      whole.push(this.release(event));
    }
    if (part === null) return [...whole, line];
    let found = this.waiting.get(part.event);
    if (found && found.bytes + end - start > EVENT_BYTES) {
      whole.push(this.release(part.event));
      found = undefined;
    }
    if (!found && part.last) return part.empty ? whole : [...whole, line];
    found ??= { lines: [], bytes: 0, no, last: no };
    this.waiting.set(part.event, found);
    found.lines.push(Buffer.from(buffer.subarray(start, end)));
    found.bytes += end - start;
    this.bytes += end - start;
    found.last = no;
    if (part.last) whole.push(this.release(part.event));
    while (this.bytes > WAITING_BYTES || this.waiting.size > WAITING_EVENTS) whole.push(this.release(this.waiting.keys().next().value!));
    return whole;
  }

  /** Gives the events whose end has not come. */
  rest(): Slice[] {
    return [...this.waiting.keys()].map((event) => this.release(event));
  }

  private release(event: string): Slice {
    const { lines, no, bytes } = this.waiting.get(event)!;
    this.waiting.delete(event);
    this.bytes -= bytes;
    const buffer = Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [NEWLINE, line])));
    return { buffer, start: 0, end: buffer.length, no };
  }
}

const NEWLINE = Buffer.from("\n");
