import * as z from "zod";
import { ById, Id, page, Paging, Time } from "./common.ts";
import { route } from "./route.ts";
import { VENDORS } from "./vendors.ts";

export const SourceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/);

/** A name that somebody else has given. */
const Name = z.string().refine((name) => !name.includes("\0"), "It has a NUL in it.");

/** Where a body was read, so that its events keep their place: used by `corduroy watch`. */
export const Origin = z.object({
  object: Name.max(2_000).optional(),
  version: Name.max(200).optional(),
  /** Number of the body's first record in that object. */
  from: z.coerce.number().int().min(1).max(2_000_000_000).optional(),
});

export const Receipt = z.object({
  id: z.string(),
  bytes: z.number(),
  /** The same body was received before, under the same idempotency key: nothing was added. */
  repeated: z.boolean(),
});

/** ExportLogsServiceResponse, in OTLP's JSON form. */
export const LogsTaken = z.object({ partialSuccess: z.object({ rejectedLogRecords: z.string(), errorMessage: z.string() }).optional() });
export type LogsTaken = z.infer<typeof LogsTaken>;

const Secret = z.string().min(10).max(500);

/** What a vendor is asked with. Secrets are kept sealed and never shown again. */
export const CollectorReach = z.discriminatedUnion("kind", [
  /** Okta System Log; `address` is that of the org. */
  z.object({ kind: z.literal("okta"), address: z.url().max(300), token: Secret }),
  /** Audit log of an organisation of GitHub; `address` is that of the API. */
  z.object({ kind: z.literal("github"), address: z.url().max(300).default("https://api.github.com"), organisation: z.string().min(1).max(100), token: Secret }),
  /** Sign-ins, audits or risk detections of a tenant of Entra, or its alerts of Microsoft Defender; `client` is the id of an application that may read it. */
  z.object({ kind: z.literal("microsoft-graph"), address: z.url().max(300).default("https://graph.microsoft.com"), login: z.url().max(300).default("https://login.microsoftonline.com"), tenant: z.string().min(1).max(100), client: z.guid(), log: z.enum(["signIns", "directoryAudits", "riskDetections", "alerts"]), secret: Secret }),
  /** Activities of an application of Google Workspace (`login`, `admin`, `drive`, `token`); `key` is the text of a service account's key file, `admin` the administrator on whose behalf it asks. */
  z.object({ kind: z.literal("google-workspace"), address: z.url().max(300).default("https://admin.googleapis.com"), admin: z.email().max(300), application: z.string().regex(/^[a-z][a-z_]{0,59}$/), key: z.string().min(10).max(16_384) }),
  /** Findings of a detector of GuardDuty, asked for with the identity of the service's machine, or as a role. */
  z.object({ kind: z.literal("guardduty"), region: z.string().min(1).max(40), detector: z.string().min(1).max(300), role: z.string().max(600).nullable().default(null) }),
  /** An event hub of Azure. Its secret is a connection string, which may name the hub; or, with a tenant, that of the application `client`, for the namespace at `address`. */
  z.object({ kind: z.literal("azure-event-hubs"), hub: z.string().min(1).max(256).nullable().default(null), group: z.string().min(1).max(256).default("$Default"), /** What all its records are; null where each tells. */ source: SourceName.nullable().default(null), address: z.url().max(300).nullable().default(null), login: z.url().max(300).default("https://login.microsoftonline.com"), tenant: z.string().min(1).max(100).nullable().default(null), client: z.guid().nullable().default(null), secret: z.string().min(10).max(2_000) }),
]);
export type CollectorReach = z.infer<typeof CollectorReach>;

/** What is collected by listing it again and again. */
export const CollectorStore = z.discriminatedUnion("kind", [
  /** A bucket of S3, or a folder in it: `s3://bucket/folder`; `role` is the ARN of a role to act as. */
  z.object({ kind: z.literal("s3"), address: z.string().max(500), role: z.string().max(300).nullable().default(null) }),
  /** A container of Azure Storage, or a folder in it: `https://account.blob.core.windows.net/container`; read as an application of Entra, or by a shared access signature. Secrets are kept sealed and never shown again. */
  z.object({ kind: z.literal("azure-blob"), address: z.url().max(1_000), reach: z.union([
    z.object({ login: z.url().max(300).default("https://login.microsoftonline.com"), tenant: z.string().min(1).max(100), client: z.guid(), secret: Secret }),
    z.object({ sas: z.string().min(10).max(2_000) }),
  ]) }),
]);
export type CollectorStore = z.infer<typeof CollectorStore>;

export const STORES = CollectorStore.options.map((each) => each.shape.kind.value);

export const Collector = z.object({
  id: z.string(), kind: z.enum(["sqs", ...STORES, ...VENDORS]), target: z.string(), role: z.string().nullable(), paused: z.boolean(), problem: z.string().nullable(), lastSuccessAt: Time.nullable(),
  /** Until when the vendor has asked us to wait; null where it has not. */
  waitingUntil: Time.nullable(),
  /** From when on an older range is being fetched beside what is new; null where none is. */
  backfillSince: Time.nullable(),
  /** How far its log has been read, by the times that the vendor writes; null for a queue, for a list, and for an event hub, each of whose partitions is somewhere else. */
  readTo: Time.nullable(),
});
export type Collector = z.infer<typeof Collector>;

export const Source = z.object({
  id: z.string(),
  /** What brings its events by itself: a queue, a store that is listed, a vendor's log that is asked for; nothing where tokens push. */
  collectors: z.array(Collector),
  events: z.number(),
  events24h: z.number(),
  /** Events in each of the last 48 hours, oldest first. */
  volume: z.array(z.tuple([Time, z.number()])),
  lastEventAt: Time.nullable(),
  lastReceivedAt: Time.nullable(),
  /** Seconds from receipt to the lake, of the last batch; null before the first. */
  lagSeconds: z.number().nullable(),
  /** Whether it keeps its rhythm; `learning` while too little is known of that, null before anything came. */
  rhythm: z.enum(["learning", "speaking", "quiet"]).nullable(),
  dead: z.number(),
  /** Records that could not be read since the service was started, by why, the most first. */
  failures: z.array(z.object({ reason: z.string(), count: z.number() })),
  duplicates: z.number(),
  bytes: z.number(),
  parts: z.number(),
  /** What these bytes cost a month in US dollars, at 0.023 a GiB: the list price of object storage that most clouds are near. What you pay may differ. */
  monthlyCost: z.number(),
  retentionDays: z.number().nullable(),
});
export type Source = z.infer<typeof Source>;

const Reasons = z.record(z.string(), z.number());

/** Where the service listens for syslog, and what became of what came there since it was started. */
export const Listener = z.object({
  /** `tls://0.0.0.0:6514` */
  url: z.string(),
  /** Messages that are kept. */
  received: z.number(),
  /** Of these, such as are dead letters, by reason. */
  unreadable: Reasons,
  /** Messages that are lost, by reason. */
  dropped: Reasons,
  /** Connections that are open. */
  connections: z.number(),
  /** Connections that were not taken, or were ended, by reason. */
  refused: Reasons,
  /** Why what comes cannot be kept at the moment. */
  problem: z.string().nullable(),
});
export type Listener = z.infer<typeof Listener>;

export const DeadLetter = z.object({
  id: z.string(), source: z.string(), file: z.string(), line: z.number(), reason: z.string(), at: Time,
  /** The beginning of what could not be read, as text: what is no UTF-8 is replaced. */
  raw: z.string(),
  /** Size of the whole. */
  bytes: z.number(),
  replayedAt: Time.nullable(),
});

/** What was received in a second or so, and put aside since worker processes die of it. */
export const QuarantinedSegment = z.object({ id: z.string(), at: Time, reason: z.string(), sources: z.array(z.string()), bytes: z.number() });
export type QuarantinedSegment = z.infer<typeof QuarantinedSegment>;

export const events = {
  receive: route({ method: "POST", path: "/v1/events/{source}", summary: "Take events: JSON, NDJSON or CloudTrail's Records; plain, gzip or zstd", access: "events.write", params: z.object({ source: SourceName }), query: Origin, raw: true, status: 202, response: Receipt }),
  logs: route({ method: "POST", path: "/v1/logs", summary: "Take logs in OpenTelemetry's protocol: JSON or protobuf, plain or gzip", access: "events.write", raw: true, otlp: true, response: LogsTaken }),
  webhook: route({ method: "POST", path: "/v1/webhooks/github/{id}", summary: "Take a webhook of GitHub, signed with the secret of this token", access: "public", params: ById, raw: true, hook: true }),
  eventHook: route({ method: "POST", path: "/v1/webhooks/okta/{id}", summary: "Take an event hook of Okta, with the secret of this token in Authorization", access: "public", params: ById, raw: true, hook: true }),
  verifyEventHook: route({ method: "GET", path: "/v1/webhooks/okta/{id}", summary: "Give Okta its challenge (X-Okta-Verification-Challenge) back, as it asks once for each event hook", access: "public", params: ById, hook: true, response: z.object({ verification: z.string() }) }),
  sources: route({ method: "GET", path: "/v1/sources", summary: "Sources with volume, lag and size", access: "sources.read", response: z.object({ items: z.array(Source), /** Segments that were put aside, of whatever sources. */ quarantined: z.number(), listeners: z.array(Listener) }) }),
  metrics: route({ method: "GET", path: "/metrics", summary: "Sources and collectors for Prometheus", access: "sources.read", stream: "text/plain" }),
  addQueue: route({ method: "POST", path: "/v1/sources/{source}/queues", summary: "Collect from S3 through the notifications of an SQS queue", access: "sources.write", params: z.object({ source: SourceName }), body: z.object({ url: z.url().max(500), role: z.string().max(300).nullable().default(null) }), response: Source }),
  addStore: route({ method: "POST", path: "/v1/sources/{source}/stores", summary: "Collect from a bucket or a container by listing it", access: "sources.write", params: z.object({ source: SourceName }), body: z.object({ store: CollectorStore, /** What was last changed before is left out; null for a day back. */ since: Time.nullable().default(null) }), response: Collector }),
  addCollector: route({ method: "POST", path: "/v1/collectors", summary: "Collect a vendor's log by asking for it, or an event hub", access: "sources.write", body: z.object({ reach: CollectorReach, /** From when on; null for a day back. */ since: Time.nullable().default(null) }), response: z.object({ source: SourceName, collector: Collector }) }),
  backfillCollector: route({ method: "POST", path: "/v1/collectors/{id}/backfill", summary: "Fetch once more what happened since then", access: "sources.write", params: ById, body: z.object({ since: Time }) }),
  testCollector: route({ method: "POST", path: "/v1/collectors/{id}/test", summary: "Ask once, as the collector does, and take nothing in", access: "sources.write", params: ById, response: z.object({ works: z.boolean(), /** What was seen. */ said: z.string(), /** The smallest policy, role or scope that will do. */ needs: z.string() }) }),
  changeCollector: route({ method: "PATCH", path: "/v1/collectors/{id}", summary: "Pause a collector or let it go on", access: "sources.write", params: ById, body: z.object({ paused: z.boolean() }) }),
  removeCollector: route({ method: "DELETE", path: "/v1/collectors/{id}", summary: "Remove a collector; its events stay", access: "sources.write", params: ById }),
  setRetention: route({ method: "PUT", path: "/v1/sources/{source}/retention", summary: "Keep a source's events for so many days", access: "settings.write", params: z.object({ source: SourceName }), body: z.object({ days: z.number().int().min(1).max(3_660).nullable() }) }),
  deadLetters: route({ method: "GET", path: "/v1/dead-letters", summary: "Records that could not be read, with the reason", access: "deadLetters.read", query: Paging.extend({ source: SourceName.optional() }), response: page(DeadLetter) }),
  replay: route({ method: "POST", path: "/v1/dead-letters/replay", summary: "Read dead letters again, with today's parsers", access: "deadLetters.replay", body: z.object({ ids: z.array(Id).min(1).max(500) }), response: z.object({ receipts: z.array(z.string()) }) }),
  quarantine: route({ method: "GET", path: "/v1/quarantine", summary: "What was received and put aside, since workers died of it", access: "deadLetters.read", response: z.object({ items: z.array(QuarantinedSegment) }) }),
  retry: route({ method: "POST", path: "/v1/quarantine/{id}/retry", summary: "Try again what was put aside", access: "deadLetters.replay", params: ById }),
};
