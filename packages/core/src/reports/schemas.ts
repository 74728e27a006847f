import type { Entity, Finding } from "../findings/index.ts";

/** What a report is made of. Names, paths and reasons come from logs or file systems and are hostile text. */
export interface ScanReport {
  /** When the report was made: ISO 8601, UTC. */
  generated: string;
  /** Version of Corduroy. */
  version: string;
  title?: string;
  /** What was asked to be read, as the user wrote it. */
  inputs: string[];
  /** Records. Each term is counted by itself; `read` must equal the sum of the others, and the report says so when it does not. */
  counts: { read: number; stored: number; duplicate: number; dead: number };
  /** Bytes of the records, uncompressed. */
  bytes: number;
  /** Wall clock time of the scan. */
  seconds: number;
  /** Rules asked, and how many of them matched at least once. */
  rules: { count: number; matched: number };
  signals: number;
  /** In the order to read them: the first is the one to read first. */
  findings: Finding[];
  /** All events a UTC hour: `[ISO hour, count]`, any order, hours without events left out. */
  volume: [string, number][];
  /** Most frequent first, a short list each. */
  identities: TopIdentity[];
  addresses: TopEntry[];
  services: TopEntry[];
  operations: TopEntry[];
  /** Dead letters and unreadable files; a capped list. */
  unreadable: UnreadableInput[];
  /** How many places could not be read before the list was capped. */
  unreadable_total: number;
  sources: SourceSummary[];
}

/** One value and how often it occurs. */
export interface TopEntry {
  name: string;
  /** Events. */
  count: number;
  /** Findings it takes part in. */
  findings: number;
}

export interface TopIdentity extends TopEntry {
  kind: Entity["kind"];
}

/** A place in the input that could not be read, and why. */
export interface UnreadableInput {
  file: string;
  /** Line or record number from 1; null when the whole file is meant. */
  line: number | null;
  reason: string;
  /** How many records were lost there. */
  count: number;
}

/** One kind of log among the inputs, e.g. `aws.cloudtrail`. */
export interface SourceSummary {
  source: string;
  events: number;
  /** ISO 8601, UTC; null when no event carried a time. */
  first: string | null;
  last: string | null;
}
