import { LEVELS, shown, type FindingRow } from "../findings/index.ts";
import type { AlertMessage } from "../notify/index.ts";
import type { AlertSetup } from "./schemas.ts";

/** Findings that a digest shows by title; the rest is counted. */
const TOP = 10;
const RULES = 10;

/** A page of the UI; null where nobody has said how people reach it. @param path without a slash at its beginning */
export function linkTo({ publicUrl }: Pick<AlertSetup, "publicUrl">, path: string): string | null {
  return publicUrl === null ? null : `${publicUrl}/${path}`;
}

/** What is said of one finding. Its id is the finding's, so that a second message about it joins the first where the vendor can. */
export function findingMessage(row: FindingRow, at: Date, setup: Pick<AlertSetup, "publicUrl">): AlertMessage {
  const { accounts, addresses, regions } = row.evidence.tallies;
  const facts: [string, string][] = [
    ["Priority", `${row.priority} (${row.priorityWhy})`],
    ["Team", row.team ?? "nobody: the catalog does not say whose it is"],
    ...(row.service === null ? [] : ([["Service", row.service]] satisfies [string, string][])),
    ["Environment", row.environment],
    ...([["Accounts", accounts], ["Addresses", addresses], ["Regions", regions]] as const).flatMap(([name, tally]): [string, string][] => (Object.keys(tally).length === 0 ? [] : [[name, shown(tally, 5).join(", ")]])),
    ["Matches", String(row.count)],
    ["Last seen", row.lastSeen.toISOString()],
  ];
  const again = row.news.includes("regression") ? ["It was resolved before, and has come back."] : [];
  const next = row.rule.check.slice(0, 3).map((step, index) => `${index + 1}. ${step}`);
  return { id: `finding/${row.id}`, kind: "finding", title: row.title, level: row.level, lines: [...again, row.rule.description, ...next].filter((line) => line !== ""), facts, link: linkTo(setup, `findings/${row.id}`), at: at.toISOString() };
}

/** What ends, at the vendor, what a message about this finding began. */
export function resolvedMessage(message: AlertMessage, at: Date): AlertMessage {
  return { ...message, kind: "resolved", at: at.toISOString() };
}

/**
 * What is said of many findings at once: how many of each level and rule, and those to read first.
 * @param id under which whoever is told tells it from others
 * @param rows the most urgent first; at least one
 */
export function digestMessage(id: string, rows: readonly Pick<FindingRow, "title" | "level" | "rule">[], at: Date, setup: Pick<AlertSetup, "publicUrl">): AlertMessage {
  const levels = LEVELS.filter((level) => rows.some((row) => row.level === level)).reverse();
  const counts = levels.map((level) => `${rows.filter((row) => row.level === level).length} ${level}`).join(", ");
  const rules = new Map<string, number>();
  for (const { rule } of rows) rules.set(rule.title, (rules.get(rule.title) ?? 0) + 1);
  const more = rows.length - TOP;
  return {
    id,
    kind: "digest",
    title: `${rows.length} more ${rows.length === 1 ? "finding" : "findings"}: ${counts}`,
    level: levels[0] ?? "high",
    lines: [...rows.slice(0, TOP).map(({ title }) => title), ...(more > 0 ? [`… and ${more} more.`] : [])],
    facts: [...rules].sort(([, a], [, b]) => b - a).slice(0, RULES).map(([title, count]) => [title, String(count)]),
    link: linkTo(setup, "findings"),
    at: at.toISOString(),
  };
}
