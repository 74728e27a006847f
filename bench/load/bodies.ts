import { gzipSync } from "node:zlib";
import { estate } from "@corduroy/estate";

/** One body made beforehand, and where in it the ids and times stand. */
interface Form {
  bytes: Buffer;
  ids: number[];
  times: number[];
}

/** A body to send: CloudTrail records that nobody has sent before. */
export interface LoadBody {
  bytes: Buffer;
  gzip: boolean;
}

const FORMS = 16;
/** Every so many bodies one is packed. */
const GZIP_EVERY = 8;
const ID = '"eventID":"';
const TIME = '"eventTime":"';
const TAIL = "8000-000000000000";

/**
 * Makes bodies of a made-up company's records as fast as they can be copied: only ids and times are written anew. The number of a
 * record is in its `eventID`, as the first 16 hex digits.
 */
export class LoadBodies {
  private readonly forms: Form[];
  private bodies = 0;

  /** @param size records of a body */
  constructor(private readonly size: number) {
    const records: string[] = [];
    for (const file of estate({ seed: 5, day: "2026-11-18", events: FORMS * size + 1_000, breach: false }).files()) {
      records.push(...file.records);
      if (records.length >= FORMS * size) break;
    }
    this.forms = Array.from({ length: FORMS }, (_, form) => formOf(records.slice(form * size, (form + 1) * size)));
  }

  /** A body whose records have the numbers from `first` on and happened at this moment; its bytes are good until the form is used again. */
  next(first: number, at: Date): LoadBody {
    const { bytes, ids, times } = this.forms[this.bodies % FORMS]!;
    const time = at.toISOString().replace(/\.\d+/, "");
    ids.forEach((position, index) => bytes.write(idOf(first + index), position, "latin1"));
    for (const position of times) bytes.write(time, position, "latin1");
    const gzip = this.bodies++ % GZIP_EVERY === GZIP_EVERY - 1;
    return { bytes: gzip ? gzipSync(bytes, { level: 1 }) : Buffer.from(bytes), gzip };
  }
}

/** An id of the vendor's shape that holds a number. */
export function idOf(number: number): string {
  const hex = number.toString(16).padStart(16, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12)}-${TAIL}`;
}

function formOf(records: readonly string[]): Form {
  const bytes = Buffer.from(`{"Records":[${records.join(",")}]}`);
  return { bytes, ids: after(bytes, ID), times: after(bytes, TIME) };
}

/** Where the text after each of these begins. */
function after(bytes: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) found.push(at + text.length);
  return found;
}
