import * as z from "zod";
import { ActorName, ById, Id, Level, page, Paging, Time } from "./common.ts";
import { route } from "./route.ts";

/** Where a finding is in its life. */
export const State = z.enum(["open", "triaged", "in_progress", "resolved", "accepted", "false_positive", "duplicate"]);
export type State = z.infer<typeof State>;
/** What a finding can be closed as: closing takes a disposition. */
export const Disposition = z.enum(["resolved", "accepted", "false_positive", "duplicate"]);
export const Priority = z.enum(["p1", "p2", "p3", "p4"]);
export type Priority = z.infer<typeof Priority>;
export const Environment = z.enum(["production", "staging", "development", "unknown"]);

const Labels = z.array(z.string().trim().min(1).max(50)).max(20);
const Comment = z.string().trim().min(1).max(10_000);

export const FindingSummary = z.object({
  id: z.string(),
  title: z.string(),
  state: State,
  level: Level,
  priority: Priority,
  /** Why it has this priority, in a few words. */
  priorityWhy: z.string(),
  rule: z.object({ id: z.string(), title: z.string() }),
  entity: z.object({ kind: z.string(), key: z.string(), name: z.string() }),
  count: z.number(),
  firstSeen: Time,
  lastSeen: Time,
  openedAt: Time,
  changedAt: Time,
  team: z.string().nullable(),
  service: z.string().nullable(),
  environment: Environment,
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  dueAt: Time.nullable(),
  acceptedUntil: Time.nullable(),
  labels: z.array(z.string()),
  /** Something new happened on a known finding: `new network`, `higher level`, `regression`, `acceptance over`. */
  news: z.array(z.string()),
  suppressed: z.boolean(),
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  /** Grows with every change; goes into `version` of the next one. */
  version: z.number(),
});
export type FindingSummary = z.infer<typeof FindingSummary>;

/** One appended event of a finding; its state is derived from these. */
export const TimelineEvent = z.object({
  at: Time,
  actor: ActorName,
  kind: z.enum(["opened", "matched", "news", "state", "regression", "owner", "priority", "due", "labels", "comment", "link", "suppressed", "alerted"]),
  /** One line that says it. */
  text: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

export const Sample = z.object({
  event_uid: z.string(), time: Time, file: z.string(), line: z.number(), operation: z.string().nullable(), service: z.string().nullable(), actor: z.string().nullable(), address: z.string().nullable(),
  user_agent: z.string().nullable(), account: z.string().nullable(), region: z.string().nullable(), outcome: z.string().nullable(), resource: z.string().nullable(), raw: z.string(),
});

export const FindingDetail = FindingSummary.extend({
  /** What the rule looks for, and what to do: from the rule's file. */
  description: z.string(),
  falsePositives: z.array(z.string()),
  nextSteps: z.array(z.string()),
  references: z.array(z.string()),
  evidence: z.object({
    accounts: z.array(z.string()), regions: z.array(z.string()), addresses: z.array(z.string()), accessKeys: z.array(z.string()), userAgents: z.array(z.string()),
    operations: z.array(z.string()), resources: z.array(z.string()), outcomes: z.array(z.string()),
    /** Matches in each UTC hour that had any. */
    histogram: z.array(z.tuple([Time, z.number()])),
    samples: z.array(Sample),
  }),
  timeline: z.array(TimelineEvent),
  related: z.array(FindingSummary),
  links: z.array(z.object({ url: z.string(), title: z.string() })),
  duplicateOf: z.string().nullable(),
  /** SQL that gives all events behind it; null where it is about no event. */
  sql: z.string().nullable(),
});
export type FindingDetail = z.infer<typeof FindingDetail>;

/** A filter as the list, a saved view and a suppression share it. */
export const FindingFilter = z.object({
  state: z.enum(["active", "closed", "all"]).or(State).default("active"),
  /** Only what should have been closed by now, and is not. */
  due: z.enum(["overdue"]).optional(),
  level: Level.optional(),
  priority: Priority.optional(),
  team: z.string().max(200).optional(),
  /** A user's id, `me`, or `none`. */
  owner: z.string().max(100).optional(),
  rule: z.string().max(200).optional(),
  entity: z.string().max(500).optional(),
  label: z.string().max(50).optional(),
  suppressed: z.enum(["no", "yes", "all"]).default("no"),
  /** Words that the title must hold. */
  q: z.string().max(200).optional(),
});
export type FindingFilter = z.infer<typeof FindingFilter>;

const Version = z.object({ version: z.number().int() });

export const FindingChange = Version.extend({
  state: z.enum(["open", "triaged", "in_progress"]).optional(),
  /** A user's id; null gives it back. */
  owner: Id.nullable().optional(),
  priority: Priority.optional(),
  dueAt: Time.nullable().optional(),
  labels: Labels.optional(),
  addLink: z.object({ url: z.url({ protocol: /^https?$/ }).max(2_000), title: z.string().trim().min(1).max(200) }).optional(),
});

export const FindingClosing = Version.extend({
  as: Disposition,
  reason: Comment,
  /** For `accepted`: when it must be looked at again. */
  until: Time.optional(),
  /** For `duplicate`: the finding that stays. */
  of: Id.optional(),
});

export const Suppression = z.object({
  id: z.string(),
  reason: z.string(),
  scope: z.object({ rule: z.string().nullable(), entity: z.string().nullable(), account: z.string().nullable() }),
  expiresAt: Time,
  /** When somebody ended it before it expired. */
  endedAt: Time.nullable(),
  createdAt: Time,
  createdBy: ActorName,
  /** Matches it has hidden so far. */
  hidden: z.number(),
});
export const SavedView = z.object({ id: z.string(), name: z.string(), filter: FindingFilter, shared: z.boolean(), mine: z.boolean() });

/** What needs a decision today; the order is the answer. `together`: findings about the same entity or access key, which the same decision settles. */
export const NowItem = z.object({ finding: FindingSummary, why: z.string(), together: z.array(FindingSummary) });

/** How many findings each choice of a filter would show, its other parts being as they are. */
export const FindingCounts = z.object({ states: z.record(State, z.number()), levels: z.record(Level, z.number()), overdue: z.number() });
export type FindingCounts = z.infer<typeof FindingCounts>;

export const findings = {
  now: route({ method: "GET", path: "/v1/now", summary: "What needs a decision today, and why it is on top", access: "findings.read", response: z.object({ items: z.array(NowItem), counts: z.object({ active: z.number(), unowned: z.number(), overdue: z.number(), mine: z.number() }), quiet: z.boolean() }) }),
  list: route({ method: "GET", path: "/v1/findings", summary: "Findings, the most urgent first", access: "findings.read", query: FindingFilter.extend(Paging.shape), response: page(FindingSummary) }),
  counts: route({ method: "GET", path: "/v1/findings/counts", summary: "How many findings there are by state and level, and overdue, under a filter", access: "findings.read", query: FindingFilter, response: FindingCounts }),
  get: route({ method: "GET", path: "/v1/findings/{id}", summary: "One finding with evidence and timeline", access: "findings.read", params: ById, response: FindingDetail }),
  change: route({ method: "PATCH", path: "/v1/findings/{id}", summary: "Change state, owner, priority, due date, labels, links", access: "findings.triage", params: ById, body: FindingChange, response: FindingDetail }),
  comment: route({ method: "POST", path: "/v1/findings/{id}/comments", summary: "Comment on a finding", access: "findings.comment", params: ById, body: z.object({ text: Comment }), response: FindingDetail }),
  close: route({ method: "POST", path: "/v1/findings/{id}/close", summary: "Close a finding with a disposition", access: "findings.close", params: ById, body: FindingClosing, response: FindingDetail }),
  reopen: route({ method: "POST", path: "/v1/findings/{id}/reopen", summary: "Open a closed finding again", access: "findings.triage", params: ById, body: Version.extend({ reason: Comment }), response: FindingDetail }),
  live: route({ method: "GET", path: "/v1/findings/live", summary: "Server-sent events: `finding` with a summary, whenever one is new or has changed", access: "findings.read", stream: "events" }),
  suppressions: route({ method: "GET", path: "/v1/suppressions", summary: "Suppressions that hold, or the last 500 that have ended or expired", access: "suppressions.read", query: z.object({ which: z.enum(["live", "past"]).default("live") }), response: z.object({ items: z.array(Suppression) }) }),
  suppress: route({
    method: "POST", path: "/v1/suppressions", summary: "Hide findings of a rule, an entity or an account for a while", access: "suppressions.write",
    body: z.object({ reason: Comment, scope: z.object({ rule: Id.nullable().default(null), entity: z.string().max(500).nullable().default(null), account: z.string().max(100).nullable().default(null) }), expiresAt: Time }), response: Suppression,
  }),
  endSuppression: route({ method: "DELETE", path: "/v1/suppressions/{id}", summary: "End a suppression", access: "suppressions.write", params: ById }),
  views: route({ method: "GET", path: "/v1/views", summary: "Saved filters: one's own and shared ones", access: "findings.read", response: z.object({ items: z.array(SavedView) }) }),
  saveView: route({ method: "POST", path: "/v1/views", summary: "Save a filter", access: "views.write", body: z.object({ name: z.string().trim().min(1).max(60), filter: FindingFilter, shared: z.boolean() }), response: SavedView }),
  removeView: route({ method: "DELETE", path: "/v1/views/{id}", summary: "Remove a saved filter of one's own", access: "views.write", params: ById }),
};
