import { coverageOf, loadRules, type DetectionRule } from "@corduroy/core/detect";
import { Invalid, visible } from "@corduroy/core/kernel";
import { countOf, countText } from "@corduroy/core/reports";
import { jsonText } from "../json.ts";
import { builtInRules } from "../paths.ts";
import { asking, type WhichLake } from "./askRows.ts";
import { EVENTS_A_DAY, EVENTS_AGAIN, lookAgain, seenOn, storedSources, type LookedAt } from "./sample.ts";

/** Days with events that are looked at, the newest. */
const DAYS = 14;
/** Rules of one log source that are named. */
const NAMED = 5;

/** `corduroy rules coverage`: compares rules with what a lake holds. */
export async function coverageCommand(paths: string[], { format, ...which }: WhichLake & { format: "table" | "json" }): Promise<void> {
  const { rules, problems } = await loadRules(paths.length === 0 ? [builtInRules()] : paths);
  if (rules.length === 0) throw new Invalid("There is no rule to compare.", { hint: "Name a file or folder with Sigma rules (*.yml)." });
  if (problems.length > 0) process.stderr.write(`${countOf(problems.length, "problem")} in rules; the rules concerned are left out. "corduroy rules check" shows them all.\n`);
  const ask = await asking(which);
  const stored = (await storedSources(ask)).filter(({ days }) => days.length > 0);
  const seen: LookedAt[] = [];
  for (const { source, days } of stored) seen.push(await seenOn(ask, source, days.slice(0, DAYS), rules));
  const { blind } = coverageOf(rules, seen);
  for (const [index, each] of seen.entries()) await lookAgain(ask, each, stored[index]!.days.slice(0, DAYS), [...new Set(blind.flatMap(({ sources: of, missing }) => (of.includes(each.source.id) ? missing : [])))]);
  const coverage = coverageOf(rules, seen);
  const sources = stored.map(({ source: { id }, events, days }, index) => ({ source: id, events, looked: seen[index]!.looked, days: days.slice(0, DAYS) }));
  if (format === "json") {
    process.stdout.write(jsonText({ rules: rules.length, sources, blind: coverage.blind.map(({ rule, ...rest }) => ({ ...named(rule), ...rest })), withoutEvents: coverage.withoutEvents.map((rule) => ({ ...named(rule), logsource: rule.logsource })), withoutRules: coverage.withoutRules }));
    return;
  }
  const events = sources.reduce((sum, each) => sum + each.events, 0);
  const looked = sources.reduce((sum, each) => sum + each.looked, 0);
  process.stdout.write([
    `${countOf(rules.length, "rule")} and ${countOf(sources.length, "source")} with ${countOf(events, "event")}. Looked at: ${countText(looked)} of them, up to ${EVENTS_A_DAY} of each of a source's newest ${DAYS} days with events; for fields that these do not have, the text of up to ${countText(EVENTS_AGAIN)}.`,
    "",
    ...section("Rules that none of these events can fulfil, and the fields that none has", coverage.blind.flatMap(({ rule, sources: of, missing }) => [`  ${visible(rule.summary.title)}  ${visible(rule.summary.id)}`, `    ${of.join(", ")}: ${missing.map(visible).join(", ")}`])),
    ...section("Rules whose log source no event is of", byLogsource(coverage.withoutEvents)),
    ...section("Sources that no rule looks at", coverage.withoutRules.map((id) => `  ${id}  ${countOf(sources.find(({ source }) => source === id)!.events, "event")}`)),
  ].join("\n"));
}

const named = ({ summary: { id, title }, file }: DetectionRule): { id: string; title: string; file: string } => ({ id, title, file });

function section(title: string, lines: readonly string[]): string[] {
  return [`${title}:${lines.length === 0 ? " none" : ""}`, ...lines, ""];
}

function byLogsource(rules: readonly DetectionRule[]): string[] {
  const groups = new Map<string, DetectionRule[]>();
  for (const rule of rules) {
    const key = Object.entries(rule.logsource).flatMap(([name, value]) => (typeof value === "string" ? [`${name} ${value}`] : [])).join(", ");
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, of]) => [
    `  ${visible(key)}: ${countOf(of.length, "rule")}`,
    ...of.slice(0, NAMED).map(({ summary }) => `    ${visible(summary.title)}`),
    ...(of.length > NAMED ? [`    and ${countText(of.length - NAMED)} more`] : []),
  ]);
}
