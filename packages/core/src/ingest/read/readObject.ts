import { randomUUID } from "node:crypto";
import { openObject, readSmallObject, type ObjectRef } from "../inputs/index.ts";
import type { KnownVersion } from "../messages.ts";
import { decompress, gunzipWhole } from "./decompress.ts";
import { fingerprint } from "./fingerprint.ts";
import { journalAsJson } from "./journalExport.ts";
import type { Lines } from "./lines.ts";
import { RecordSplitter, type Slice } from "./split.ts";

/** Up to this size an object is held in memory: read once for its digest and its records. */
const WHOLE_BYTES = 8 * 1024 * 1024;

const PIECE = 1024 * 1024;

/** What a reader is told about an object before its records. */
export interface Opened {
  /** Digest of the stored bytes, the store's entity tag, or for a stream a name of its own. */
  version: string;
  bytes: number | null;
  /** Records up to this number were taken in by an earlier run. */
  skip: number;
}

export interface ObjectHandler {
  opened(object: Opened): void;
  record(slice: Slice): void;
  lines(lines: Lines): void;
  dead(slice: Slice, reason: string): void;
  /** The object is damaged or ends early; its readable records were handed on. */
  damaged(reason: string): void;
  /** Called between chunks: whoever takes records may work them off before more come. */
  breathe(): Promise<void>;
}

/** How the reading of an object ended. */
export interface Read {
  /** Records and dead letters met: the number of the last one. */
  last: number;
  /** Records before an unfinished tail. */
  complete: number;
}

/** Hands on bytes that are in memory already piece by piece, so that whoever takes the records can work them off in between. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Records that an earlier run has taken in: all of a version known to its end, its committed part, or what the file was before it grew. */
function recordsTaken(known: readonly KnownVersion[], version: string, prefixes: ReadonlyMap<number, string>): number {
  const same = known.filter((each) => each.version === version);
  if (same.length > 0) return same.some((each) => each.done) ? Number.MAX_SAFE_INTEGER : Math.max(...same.map((each) => each.upTo));
  const former = known.filter((each) => each.done && each.bytes !== null && prefixes.get(each.bytes) === each.version);
  return Math.max(0, ...former.map((each) => each.complete));
}

/**
 * Reads one object to its end: opens, digests, unpacks and splits it, and hands on its records in order.
 * @param known versions of this location in the lake
 * @throws whatever opening or reading throws; what was handed on before is good
 */
export async function readObject(ref: ObjectRef, known: readonly KnownVersion[], handler: ObjectHandler): Promise<Read> {
  const lengths = known.flatMap((each) => (each.done && each.bytes !== null && each.bytes > 0 ? [each.bytes] : []));
  let source: AsyncIterable<Buffer>;
  if (ref.kind === "stdin") {
    // A stream has no second reading: every run is a version of its own.
    handler.opened({ version: `stream-${randomUUID()}`, bytes: null, skip: 0 });
    source = (await openObject(ref)) as AsyncIterable<Buffer>;
  } else if (ref.kind === "file" && (ref.size === 0 || ref.size > WHOLE_BYTES)) {
    const isPipe = ref.size === 0;
    const digest = isPipe ? { version: `stream-${randomUUID()}`, bytes: null, prefixes: new Map<number, string>() } : await fingerprint((await openObject(ref)) as AsyncIterable<Buffer>, lengths);
    handler.opened({ version: digest.version, bytes: digest.bytes, skip: recordsTaken(known, digest.version, digest.prefixes) });
    source = (await openObject(ref)) as AsyncIterable<Buffer>;
  } else if (ref.size <= WHOLE_BYTES) {
    const bytes = await readSmallObject(ref);
    const digest = await fingerprint(pieces(bytes), lengths);
    const version = ref.kind === "s3" ? ref.version : digest.version;
    handler.opened({ version, bytes: bytes.length, skip: recordsTaken(known, version, ref.kind === "s3" ? new Map() : digest.prefixes) });
    return readBytes(bytes, handler);
  } else {
    handler.opened({ version: ref.kind === "s3" ? ref.version : "", bytes: ref.size, skip: recordsTaken(known, ref.kind === "s3" ? ref.version : "", new Map()) });
    source = (await openObject(ref)) as AsyncIterable<Buffer>;
  }
  return split((onDamage) => decompress(source, onDamage), handler);
}

/** Reads bytes that are in memory: unpacks and splits them, and hands on their records in order. */
export function readBytes(bytes: Buffer, handler: Omit<ObjectHandler, "opened">): Promise<Read> {
  const whole = gunzipWhole(bytes);
  if (whole === null) return split((onDamage) => decompress(pieces(bytes), onDamage), handler);
  if (whole.damage !== null) handler.damaged(whole.damage);
  return split(() => pieces(whole.plain), handler, whole.damage !== null);
}

async function split(plain: (onDamage: (reason: string) => void) => AsyncIterable<Buffer>, handler: Omit<ObjectHandler, "opened">, damaged = false): Promise<Read> {
  /** Of what is wrong with an object as a whole the first thing is told: the others follow from it. */
  const tell = (reason: string): void => {
    if (!damaged) handler.damaged(reason);
    damaged = true;
  };
  const splitter = new RecordSplitter({
    record: (slice) => handler.record(slice),
    lines: (lines) => handler.lines(lines),
    dead: (slice, reason) => handler.dead(slice, reason),
    damaged: tell,
  });
  for await (const chunk of journalAsJson(plain(tell))) {
    splitter.push(chunk);
    await handler.breathe();
  }
  splitter.end();
  return { last: splitter.count, complete: splitter.endsUnfinished ? splitter.count - 1 : splitter.count };
}
