import { sql } from "drizzle-orm";
import { bigint, bigserial, boolean, index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Entity, Level, RuleSummary, SampleEvent } from "./schemas.ts";
import type { Tallied, Tally } from "./group.ts";
import type { State } from "./state.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const count = (name: string) => bigint(name, { mode: "number" });

/** What the matches of a finding add up to. */
export interface Evidence {
  tallies: Record<Tallied, Tally>;
  /** Matches in each UTC hour, by its beginning. */
  hours: Record<string, number>;
  samples: SampleEvent[];
}

/** Findings as they are now: what their events add up to. */
export const findings = pgTable(
  "findings",
  {
    id: text("id").primaryKey(),
    ruleId: text("rule_id").notNull(),
    rule: jsonb("rule").$type<RuleSummary>().notNull(),
    entityKind: text("entity_kind").$type<Entity["kind"]>().notNull(),
    entityKey: text("entity_key").notNull(),
    entityName: text("entity_name").notNull(),
    title: text("title").notNull(),
    level: text("level").$type<Level>().notNull(),
    count: count("count").notNull(),
    firstSeen: time("first_seen").notNull(),
    lastSeen: time("last_seen").notNull(),
    /** The hour in which its window began. */
    windowStart: time("window_start").notNull(),
    /** Ids of the sources that its matches came from, in order; null where it is told of none. */
    sources: text("sources").array(),
    evidence: jsonb("evidence").$type<Evidence>().notNull(),
    news: jsonb("news").$type<string[]>().notNull().default([]),
    state: text("state").$type<State>().notNull().default("open"),
    priority: text("priority").$type<"p1" | "p2" | "p3" | "p4">().notNull(),
    priorityWhy: text("priority_why").notNull(),
    owner: text("owner"),
    team: text("team"),
    service: text("service"),
    environment: text("environment").$type<"production" | "staging" | "development" | "unknown">().notNull(),
    dueAt: time("due_at"),
    acceptedUntil: time("accepted_until"),
    duplicateOf: text("duplicate_of"),
    labels: jsonb("labels").$type<string[]>().notNull().default([]),
    links: jsonb("links").$type<{ url: string; title: string }[]>().notNull().default([]),
    /** The suppression that hides it. */
    suppressedBy: text("suppressed_by"),
    openedAt: time("opened_at").notNull(),
    changedAt: time("changed_at").notNull(),
    version: integer("version").notNull().default(1),
  },
  (table) => [
    index("findings_order").on(table.state, table.priority, table.lastSeen, table.id),
    index("findings_cell").on(table.ruleId, table.entityKey, table.windowStart),
    index("findings_entity").on(table.entityKey),
    index("findings_changed").on(table.changedAt),
  ],
);

/** Everything that ever happened to findings; only ever added to. */
export const findingEvents = pgTable(
  "finding_events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    finding: text("finding").notNull(),
    at: time("at").notNull(),
    actorKind: text("actor_kind").$type<"user" | "token" | "system">().notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    kind: text("kind").notNull(),
    text: text("text").notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index("finding_events_finding").on(table.finding, table.id)],
);

/** What hides findings for a while. */
export const suppressions = pgTable(
  "suppressions",
  {
    id: text("id").primaryKey(),
    reason: text("reason").notNull(),
    rule: text("rule"),
    entity: text("entity"),
    account: text("account"),
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull(),
    createdByKind: text("created_by_kind").$type<"user" | "token" | "system">().notNull(),
    createdById: text("created_by_id").notNull(),
    createdByName: text("created_by_name").notNull(),
    hidden: count("hidden").notNull().default(0),
    endedAt: time("ended_at"),
  },
  (table) => [index("suppressions_live").on(table.expiresAt).where(sql`ended_at IS NULL`)],
);

/** Filters that somebody has kept. */
export const savedViews = pgTable("saved_views", {
  id: text("id").primaryKey(),
  owner: text("owner").notNull(),
  name: text("name").notNull(),
  filter: jsonb("filter").$type<Record<string, unknown>>().notNull(),
  shared: boolean("shared").notNull(),
});
