import { bigint, index, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** Signals of each rule in the UTC hour in which they were found. */
export const ruleHours = pgTable(
  "rule_hours",
  { rule: text("rule").notNull(), hour: timestamp("hour", { withTimezone: true, mode: "date" }).notNull(), signals: bigint("signals", { mode: "number" }).notNull(), lastMatchAt: timestamp("last_match_at", { withTimezone: true, mode: "date" }).notNull() },
  (table) => [primaryKey({ columns: [table.rule, table.hour] }), index("rule_hours_hour").on(table.hour)],
);
