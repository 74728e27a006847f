/** Sigma's levels, from least to most urgent. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** What a finding is about: the thing that signals are grouped by. */
export interface Entity {
  /** `user` (IAM or root user), `person` (behind a single sign-on session), `role` (a workload), `service` (AWS itself), or the field a rule groups by. */
  kind: "user" | "person" | "role" | "service" | "address" | "account" | "resource" | "unknown" | "many";
  /** Stable key that grouping compares, e.g. `person:anna@example.com` or `role:deploy`. */
  key: string;
  /** What a person reads, e.g. `anna@example.com`. */
  name: string;
}

/** The part of a rule that travels with its findings; texts are plain, written by the rule's author. */
export interface RuleSummary {
  id: string;
  title: string;
  level: Level;
  /** Sigma tags, e.g. `attack.t1098.003`. */
  tags: string[];
  description: string;
  /** Likely benign causes. */
  falsepositives: string[];
  references: string[];
  /** What to check, in order. */
  check: string[];
  /** What to do when it is real, in order. */
  respond: string[];
}

/** One event shown as evidence. Every text in it comes from the log and is hostile. */
export interface SampleEvent {
  event_uid: string;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  /** Where it was read: location of the source object and line or record number in it, from 1. */
  file: string;
  line: number;
  operation: string | null;
  service: string | null;
  actor: string | null;
  address: string | null;
  user_agent: string | null;
  account: string | null;
  region: string | null;
  /** `success` or the vendor's error code. */
  outcome: string | null;
  resource: string | null;
  /** The vendor's record, shortened to at most 8 KiB. */
  raw: string;
}

/** Something somebody must decide about: signals of one rule and one entity that belong together in time. */
export interface Finding {
  /** Fingerprint: 16 hex digits over rule, entity and the window's start. */
  id: string;
  rule: RuleSummary;
  /** One plain sentence: who did what, where. */
  title: string;
  level: Level;
  /** How many signals. */
  count: number;
  /** ISO 8601, UTC, milliseconds. */
  first_seen: string;
  last_seen: string;
  entity: Entity;
  /** ATT&CK, from the rule's tags. */
  tactics: string[];
  techniques: string[];
  /** Values seen, most frequent first, at most 10 each. */
  accounts: string[];
  regions: string[];
  addresses: string[];
  access_keys: string[];
  user_agents: string[];
  operations: string[];
  resources: string[];
  outcomes: string[];
  /** Signals a UTC hour: `[ISO hour, count]`, in order. */
  histogram: [string, number][];
  /** The first, and a few spread over the window; at most 5. */
  samples: SampleEvent[];
}
