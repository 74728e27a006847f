import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import type { Level } from "../findings/index.ts";
import type { AlertMessage } from "../notify/index.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Where alerts go. */
export const destinations = pgTable("destinations", {
  id: text("id").primaryKey(),
  name: text("name").notNull().unique(),
  kind: text("kind").$type<"pagerduty" | "slack" | "email" | "webhook">().notNull(),
  /** What may be shown of it: a host, or mail addresses. */
  target: text("target").notNull(),
  /** `SecretBox`, belongs to `destination:<id>`: what it takes to send there. */
  sealed: text("sealed").notNull(),
  createdAt: time("created_at").notNull(),
  /** It did not take the last message, and is left alone until then. */
  quietUntil: time("quiet_until"),
  /** Messages that it did not take since the last one that it did. */
  failures: integer("failures").notNull().default(0),
});

/** Who is told: a team's destinations; `security` stands for those of what nobody owns. */
export const alertRoutes = pgTable("alert_routes", { team: text("team").primaryKey(), destinations: text("destinations").array().notNull() });

/** Messages that were sent, wait, or stand in a digest. */
export const deliveries = pgTable(
  "deliveries",
  {
    id: text("id").primaryKey(),
    at: time("at").notNull(),
    kind: text("kind").$type<"finding" | "resolved" | "digest" | "test">().notNull(),
    finding: text("finding"),
    /** Which opening of the finding it is about. */
    openedAt: time("opened_at"),
    destination: text("destination").notNull(),
    /** Its name then: it may be removed. */
    destinationName: text("destination_name").notNull(),
    title: text("title").notNull(),
    level: text("level").$type<Level>().notNull(),
    outcome: text("outcome").$type<"waiting" | "delivered" | "rejected" | "gave up" | "in digest">().notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** How the last attempt ended. */
    detail: text("detail").notNull().default(""),
    /** When it is due; null once its outcome is final. */
    nextAt: time("next_at"),
    triedAt: time("tried_at"),
    /** Until when whoever is sending it has it for itself. */
    claimedUntil: time("claimed_until"),
    /** The digest that it stands in. */
    digest: text("digest"),
    message: jsonb("message").$type<AlertMessage>().notNull(),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.finding, table.openedAt, table.destination, table.kind),
    index("deliveries_due").on(table.nextAt).where(sql`outcome = 'waiting'`),
    index("deliveries_order").on(table.at, table.id),
    index("deliveries_destination").on(table.destination, table.triedAt),
    index("deliveries_digest").on(table.digest).where(sql`digest IS NOT NULL`),
  ],
);
