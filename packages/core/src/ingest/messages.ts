import type { DetectionRule } from "../detect/index.ts";
import type { SampleEvent, SignalGroup } from "../findings/index.ts";
import type { Counts, Merged, MergeOrder, ObjectRange, PartKind } from "../lake/index.ts";
import type { FailureKind } from "./batch/failureKind.ts";
import type { FrameHeader } from "./receipt/frame.ts";
import type { ObjectRef } from "./inputs/index.ts";

/** What a worker needs to know before its first object. */
export interface WorkerSettings {
  rules: DetectionRule[];
  /** Ask every rule of every event, whatever log source it names. */
  anyLogsource: boolean;
  /** Take everything for this source instead of telling it from the content. */
  source: string | null;
  /** Whether parts keep whole events; if not, they keep only what tells duplicates. */
  keep: boolean;
  /** An existing folder for half-written files. */
  staging: string;
  /** A folder of the worker's own for what DuckDB spills. */
  temporary: string;
  /** Whether each match is written to a file of its own kind. */
  signals: boolean;
}

/** How far a version of an object was read before. */
export interface KnownVersion {
  version: string;
  bytes: number | null;
  /** Records up to here are in the lake. */
  upTo: number;
  /** Where to go on should the object have grown. */
  complete: number;
  done: boolean;
}

export interface DeadLetter {
  file: string;
  line: number;
  reason: string;
}

/** Rows of a part of dead letters, from 0. */
export interface WantedLetters {
  path: string;
  rows: readonly number[];
}

/** A dead letter as its part holds it. */
export interface StoredLetter {
  path: string;
  row: number;
  source: string;
  file: string;
  line: number;
  reason: string;
  /** When it was read, in milliseconds since the epoch. */
  at: number;
  /** Bytes that could not be read, as many as were asked for. */
  raw: Uint8Array;
  /** How many there are. */
  bytes: number;
  /** SHA-256 of all that is known of it, as hex digits; stays the same when its part is merged with others. */
  digest: string;
}

/** A part that was written into `staging`. */
export interface WrittenPart {
  kind: PartKind;
  temporary: string;
  source: string;
  day: string;
  rows: number;
  bytes: number;
  first: string | null;
  last: string | null;
}

/** What the table of a batch adds up to. */
export interface BatchTotals {
  /** Events a UTC hour. */
  volume: [string, number][];
  identities: [kind: string, name: string, count: number][];
  addresses: [string, number][];
  services: [string, number][];
  operations: [string, number][];
  first: string | null;
  last: string | null;
}

/** Everything about a batch but its events. */
export interface BatchResult {
  id: string;
  source: string;
  counts: Counts;
  /** Bytes of the records read. */
  bytes: number;
  parts: WrittenPart[];
  objects: ObjectRange[];
  groups: SignalGroup<SampleEvent>[];
  signals: number;
  /** Lines for `--signals`, one JSON object each; a file in `staging`. */
  signalsFile: string | null;
  /** The first few dead letters; `counts.dead` counts all. */
  dead: DeadLetter[];
  /** All of them, by why they cannot be read. */
  failures: Partial<Record<FailureKind, number>>;
  totals: BatchTotals;
  /** Rows whose hash was seen before although they are no duplicates. */
  distinct: number[];
}

/** A batch whose duplicates are asked for. */
export interface CheckedBatch {
  id: string;
  source: string;
  /** Of each event, eight bytes, little endian. */
  hashes: Uint8Array;
  /** Time of its earliest and latest event, ISO 8601 in UTC. */
  first: string | null;
  last: string | null;
}

/** Which events of a batch may be repetitions; an earlier row of the same batch may be repeated, too. */
export type Suspects =
  /** Some rows, and for each the parts that may hold what it repeats. */
  | { rows: number[]; files: string[][] }
  /** Whichever rows these parts hold already. */
  | { among: string[] };

export type ToWorker =
  | { type: "start"; settings: WorkerSettings }
  /** `batch` is the id under which all that is read will be committed; null where each batch of records becomes one of its own. */
  | { type: "object"; ref: ObjectRef; known: KnownVersion[]; batch: string | null }
  /** A closed segment of what was received, all of which is to be worked off. */
  | { type: "segment"; path: string; bytes: number; batch: string }
  | { type: "checked"; id: string; suspects: Suspects }
  | { type: "hashes"; files: string[] }
  /** Files of the lake are to be one. */
  | { type: "merge"; order: MergeOrder }
  /** Asks a process that was not started for dead letters, and for so many bytes of each. */
  | { type: "letters"; wanted: readonly WantedLetters[]; rawBytes: number; temporary: string }
  | { type: "flush" };

export type FromWorker =
  | { type: "ready" }
  /** Eight bytes a row, little endian. */
  | { type: "check"; batch: CheckedBatch }
  | { type: "batch"; result: BatchResult }
  | { type: "read"; location: string; bytes: number }
  | { type: "unreadable"; location: string; reason: string }
  | { type: "hashes"; hashes: Uint8Array[] }
  | { type: "merged"; merged: Merged }
  | { type: "letters"; letters: StoredLetter[] }
  | { type: "segment"; headers: FrameHeader[] }
  | { type: "flushed" };
