/** The three kinds of Parquet part a lake holds. */
export const PART_KINDS = ["events", "signals", "dead"] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** One immutable Parquet file of the lake, as the manifest names it. */
export interface Part {
  kind: PartKind;
  /** Relative to the lake, `/`-separated: `events/source=aws.cloudtrail/day=2026-11-18/<unique>.parquet`. */
  path: string;
  /** The source its rows come from; the empty string for signals, which mix sources. */
  source: string;
  /** UTC day of its rows, YYYY-MM-DD. */
  day: string;
  rows: number;
  bytes: number;
  /** Time of the earliest and latest row, ISO 8601 in UTC; null where no row has a time. */
  first: string | null;
  last: string | null;
  /** SHA-256 of the file, in hexadecimal; absent where nobody has computed it, as by `scan --keep`. */
  digest?: string;
}

/** How much of one source object a batch has taken in. */
export interface ObjectRange {
  /** Where the object was read: a file path or an `s3://` address. */
  location: string;
  /** Content hash or etag: the same location with another version is another object. */
  version: string;
  /** Size of the object as stored at its location; null for a stream. */
  bytes: number | null;
  /** Records taken, counted from 1, both ends included; `to` = `from - 1` when there was none. */
  from: number;
  to: number;
  /** Records before an unfinished tail: where to go on when the object has grown. */
  complete: number;
  /** The object was read to its end. */
  done: boolean;
}

/** What happened to the records of a batch. Each is counted by itself, and read = stored + duplicate + dead. */
export interface Counts {
  read: number;
  stored: number;
  duplicate: number;
  dead: number;
}

/** All that becomes visible at once: parts, and the source objects they were made of. */
export interface Batch {
  /** Never used twice: 1 to 100 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit. See `newBatchId`. */
  id: string;
  /** When it was made, ISO 8601 in UTC. */
  at: string;
  parts: Part[];
  objects: ObjectRange[];
  counts: Counts;
}

/**
 * The log of committed batches: what a lake holds is what its manifest names, nothing else.
 *
 * The road of one batch: `begin` → write its parts (`Lake.finishPart`) → `commit`, or `abort`. After a crash between any two
 * steps the next writer aborts what was begun and not committed. One conformance suite (`manifest-conformance.ts`) holds
 * every implementation to this.
 */
export interface Manifest {
  /**
   * Records the intent to write parts at `paths`; durable when it resolves. Call it before a file exists under any of these names.
   * @throws Invalid for a malformed id or path; Conflict for an id that was begun before.
   */
  begin(id: string, paths: readonly string[]): Promise<void>;
  /**
   * Makes a begun batch visible, all of it at once; durable when it resolves. Files that were intended and are not among
   * `batch.parts` are removed. After an error the outcome may be unknown: ask `committed`, or call `commit` again, which is safe.
   * @throws Conflict if the batch was not begun, was aborted, or this writer has lost the lake; Invalid if a part was not
   *   intended, is missing, or has another size than stated, or if the counts do not add up.
   */
  commit(batch: Batch): Promise<void>;
  /**
   * Gives a begun batch up: first its intent, so that it can never commit, then its files. Does nothing for an id that was
   * never begun or is aborted already.
   * @throws Conflict if it is committed.
   */
  abort(id: string): Promise<void>;
  /** Committed batches, in order of commit. A batch committed while this is read may or may not be among them. */
  batches(): AsyncIterable<Batch>;
  /** Whether the batch is committed: the answer to an unknown outcome. */
  committed(id: string): Promise<boolean>;
  close(): Promise<void>;
}
