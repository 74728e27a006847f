import * as z from "zod";

/** How serious, as rules and findings say it. */
const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;

const address = z.url({ protocol: /^https?$/, hostname: /./ }).max(2000);

/** What to tell somebody, whatever way it goes. Texts may come from logs: each transport makes them safe and clips them to what its vendor takes. */
export const alertMessage = z.strictObject({
  /** What it is about: messages with one id are about one thing, and are folded where the vendor can. */
  id: z.string().regex(/^[\w:./-]{1,200}$/),
  kind: z.enum(["finding", "acknowledged", "resolved", "digest", "test"]),
  title: z.string().min(1).max(10_000),
  level: z.enum(LEVELS),
  lines: z.array(z.string().max(10_000)).max(1000),
  /** Name and value, in the order to show. */
  facts: z.array(z.tuple([z.string().max(1000), z.string().max(10_000)])).max(1000),
  /** Where to read on and to act; null where there is no page. */
  link: address.nullable(),
  /** When it happened: ISO 8601, UTC. */
  at: z.iso.datetime(),
});
export type AlertMessage = z.infer<typeof alertMessage>;

/** PagerDuty, by the integration key of a service. Its Events API v2 has another address for accounts in Europe. */
export const pagerdutyDestination = z.strictObject({
  type: z.literal("pagerduty"),
  routing_key: z.string().regex(/^[A-Za-z0-9]{32}$/),
  endpoint: address.default("https://events.pagerduty.com/v2/enqueue"),
});

/** A Slack channel, by an incoming webhook. The whole URL is a secret. */
export const slackDestination = z.strictObject({ type: z.literal("slack"), url: address });

/** A mail server and who gets the mail. Port 465 is TLS from the first byte, every other begins with STARTTLS. */
export const emailDestination = z.strictObject({
  type: z.literal("email"),
  host: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
  port: z.int().min(1).max(65_535).default(587),
  login: z.strictObject({ username: z.string().min(1).max(320), password: z.string().min(1).max(1024) }).optional(),
  from: z.email().max(254),
  to: z.array(z.email().max(254)).min(1).max(50),
});

/** Any receiver of Standard Webhooks. `secret` is `whsec_` and the base64 of 24 to 64 random bytes. */
export const webhookDestination = z.strictObject({
  type: z.literal("webhook"),
  url: address,
  secret: z.string().regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/),
});

/** Where messages go: one entry of the configuration's destinations. */
export const destination = z.discriminatedUnion("type", [pagerdutyDestination, slackDestination, emailDestination, webhookDestination]);
export type Destination = z.infer<typeof destination>;

/** How an attempt ended. `detail` is for people and the audit: it names the vendor and its answer, and holds no secret. */
export type Delivery =
  | { outcome: "delivered"; detail: string }
  /** It may work later; `after` is in seconds. */
  | { outcome: "retry"; after: number; detail: string }
  /** The same attempt will never work. */
  | { outcome: "rejected"; detail: string };
