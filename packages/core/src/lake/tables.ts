import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { Batch } from "./manifest.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

/** Committed batches, in the order of their numbers. */
export const batches = pgTable("lake_batches", {
  no: bigint("no", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  id: text("id").notNull().unique(),
  at: text("at").notNull(),
  counts: jsonb("counts").$type<Batch["counts"]>().notNull(),
  /** Objects as the batch stated them; `lake_objects` adds them up. */
  objects: jsonb("objects").$type<Batch["objects"]>().notNull(),
  /** The order in which the batch named its parts, replaced ones included. */
  paths: jsonb("paths").$type<string[]>().notNull(),
});

/** Batches that were begun and are not yet ended. */
export const intents = pgTable("lake_intents", {
  id: text("id").primaryKey(),
  paths: jsonb("paths").$type<string[]>().notNull(),
  begunAt: time("begun_at").notNull(),
  aborted: boolean("aborted").notNull().default(false),
});

/** Parts that are in the lake, and those that were replaced and whose files may still be read by a running query. */
export const parts = pgTable(
  "lake_parts",
  {
    path: text("path").primaryKey(),
    batch: text("batch").notNull(),
    kind: text("kind").$type<"events" | "signals" | "dead">().notNull(),
    source: text("source").notNull(),
    day: text("day").notNull(),
    rows: integer("rows").notNull(),
    bytes: count("bytes").notNull(),
    first: text("first"),
    last: text("last"),
    digest: text("digest"),
    /** Set when other parts took its place, or its time was over. */
    replacedAt: time("replaced_at"),
  },
  (table) => [index("lake_parts_current").on(table.kind, table.source, table.day).where(sql`replaced_at IS NULL`), index("lake_parts_replaced").on(table.replacedAt).where(sql`replaced_at IS NOT NULL`)],
);

/** How far each version of a source object was taken in. */
export const objects = pgTable(
  "lake_objects",
  {
    location: text("location").notNull(),
    version: text("version").notNull(),
    bytes: count("bytes"),
    upTo: integer("up_to").notNull(),
    complete: integer("complete").notNull(),
    done: boolean("done").notNull(),
  },
  (table) => [primaryKey({ columns: [table.location, table.version] })],
);
