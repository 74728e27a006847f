import type { DetectionRule } from "../detect/index.ts";
import type { SampleEvent, SignalGroup } from "../findings/index.ts";
import type { Counts, ObjectRange, PartKind } from "../lake/index.ts";
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
  totals: BatchTotals;
  /** Rows whose hash was seen before although they are no duplicates. */
  distinct: number[];
}

export type ToWorker =
  | { type: "start"; settings: WorkerSettings }
  | { type: "object"; ref: ObjectRef; known: KnownVersion[] }
  /** `files[i]` are parts that may hold what row `rows[i]` repeats; an earlier row of the same batch may, too. */
  | { type: "checked"; id: string; rows: number[]; files: string[][] }
  | { type: "hashes"; files: string[] }
  | { type: "flush" };

export type FromWorker =
  | { type: "ready" }
  /** Eight bytes a row, little endian. */
  | { type: "check"; id: string; source: string; hashes: Uint8Array }
  | { type: "batch"; result: BatchResult }
  | { type: "read"; location: string; bytes: number }
  | { type: "unreadable"; location: string; reason: string }
  | { type: "hashes"; hashes: Uint8Array[] }
  | { type: "flushed" };
