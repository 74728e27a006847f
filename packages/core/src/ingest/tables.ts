import { bigint, boolean, index, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { VendorKind } from "./collect/poll/vendors.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

/** Bodies that were received under an idempotency key and are in the lake; kept for a week. */
export const receipts = pgTable(
  "receipts",
  { sender: text("sender").notNull(), source: text("source").notNull(), key: text("key").notNull(), id: text("id").notNull(), bytes: count("bytes").notNull(), at: time("at").notNull() },
  (table) => [primaryKey({ columns: [table.sender, table.source, table.key] }), index("receipts_at").on(table.at)],
);

/** What became of a source's records, by the UTC hour in which they were taken in. */
export const intakeHours = pgTable(
  "intake_hours",
  {
    source: text("source").notNull(), hour: time("hour").notNull(), read: count("read").notNull(), stored: count("stored").notNull(), duplicate: count("duplicate").notNull(),
    dead: count("dead").notNull(), bytes: count("bytes").notNull(), lastEventAt: time("last_event_at"), lastReceivedAt: time("last_received_at").notNull(), lagMs: count("lag_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.hour] })],
);

/** What is set for a source; without a row everything is as it comes. */
export const sourceSettings = pgTable("source_settings", { source: text("source").primaryKey(), retentionDays: integer("retention_days") });

/** What fetches events by itself: queues whose messages name objects of S3, buckets and containers that are listed, and logs that vendors are asked for page by page. */
export const collectors = pgTable("collectors", {
  id: text("id").primaryKey(),
  source: text("source").notNull(),
  kind: text("kind").$type<"sqs" | "s3" | "azure-blob" | VendorKind>().notNull(),
  /** Address of the queue, the bucket or the container, or what is collected from whom; it has one collector. */
  url: text("url").notNull().unique(),
  /** A role to act as; null for the identity of the environment. */
  role: text("role"),
  /** `SecretBox`, belongs to `collector:<id>`: what it takes to ask the vendor; null where nothing is secret. */
  sealed: text("sealed"),
  /** A `Track` as JSON: up to where the vendor's log is received, or the list of the store is taken in; null for a queue. */
  checkpoint: text("checkpoint"),
  /** A `Track` as JSON: an older range that is fetched beside; null where there is none, or no more of it. */
  backfill: text("backfill"),
  paused: boolean("paused").notNull().default(false),
  /** What is wrong with it, in words for a person; null while all is well. */
  problem: text("problem"),
  /** Until when the vendor has asked us to wait; null where it has not. */
  waitingUntil: time("waiting_until"),
  /** When the queue or vendor was last asked and all that it gave was taken in. */
  lastSuccessAt: time("last_success_at"),
  createdAt: time("created_at").notNull(),
});

/** How far blobs that may grow are received, of whatever collector. */
export const collectedBlobs = pgTable("collected_blobs", {
  /** Its address. */
  location: text("location").primaryKey(),
  /** What was there when it was last read to its end; null before. */
  etag: text("etag"),
  /** Nothing is left of that: no line whose end has not come. */
  whole: boolean("whole").notNull(),
  /** A `Followed` as JSON. */
  followed: text("followed").notNull(),
});

/** Dead letters that were read again, and the receipt under which. */
export const deadLetterReplays = pgTable("dead_letter_replays", { letter: text("letter").primaryKey(), receipt: text("receipt").notNull(), at: time("at").notNull() });
