import pc from "picocolors";
import type { FindingDetail } from "@corduroy/contract";
import { endThatFits, padded, visible, wrapped } from "@corduroy/core/kernel";
import { countOf, countText, shortMomentText } from "@corduroy/core/reports";
import { paint, type Colors } from "../color.ts";

const LABEL = 11;
const MOST_SAMPLES = 5;
const MOST_EVENTS = 50;
const MOST_LINES = 12;

/** One finding for the terminal, 80 to 120 columns wide: what it is, who, the evidence, what to do, what has happened. Control characters of texts from logs are written out. */
export function findingText(finding: FindingDetail, { columns, color }: { columns: number; color: boolean }): string {
  const width = Math.max(80, Math.min(120, columns));
  const colors = pc.createColors(color);
  const sections: [title: string, lines: string[]][] = [
    ["", head(finding, width, colors)],
    ["Evidence", evidence(finding, width)],
    ["Next steps", finding.nextSteps.flatMap((step, index) => indented(`${index + 1}  `, step, width))],
    ["May be harmless", finding.falsePositives.flatMap((text) => indented("-  ", text, width))],
    ["Related", finding.related.flatMap(({ id, title, state }) => indented(`${visible(id)}  `, `${title} (${state.replaceAll("_", " ")})`, width))],
    ["Timeline", timeline(finding, width)],
    ["All events", finding.sql === null ? [] : [`corduroy query ${inShell(finding.sql.replaceAll(/\s+/g, " "))}`]],
  ];
  return `${sections.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [...(title === "" ? [] : [colors.bold(title)]), ...lines].join("\n")).join("\n\n")}\n`;
}

function head(finding: FindingDetail, width: number, colors: Colors): string[] {
  const { level, priority, priorityWhy, state, owner, team, service, dueAt, acceptedUntil, duplicateOf, labels, techniques, count, firstSeen, lastSeen } = finding;
  const facts: [string, string][] = [
    ["id", finding.id],
    ["level", `${level}, priority ${priority.toUpperCase()} (${priorityWhy})`],
    ["state", [state.replaceAll("_", " "), acceptedUntil === null ? "" : `until ${acceptedUntil.slice(0, 10)}`, duplicateOf === null ? "" : `of ${duplicateOf}`, finding.suppressed ? "suppressed" : ""].filter((part) => part !== "").join(", ")],
    ["owner", [owner?.name ?? "nobody", team === null ? "" : `team ${team}`, service === null ? "" : `service ${service}`].filter((part) => part !== "").join(", ")],
    ["due", dueAt?.slice(0, 10) ?? ""],
    ["who", `${finding.entity.name} (${finding.entity.kind})`],
    ["when", `${shortMomentText(firstSeen)} to ${shortMomentText(lastSeen)} UTC, ${countOf(count, "event")}`],
    ["rule", `${finding.rule.title}${techniques.length === 0 ? "" : ` (${techniques.join(", ")})`}`],
    ["news", finding.news.join(", ")],
    ["labels", labels.join(", ")],
  ];
  return [
    ...wrapped(visible(finding.title), width, 3).map((line) => paint(level, colors)(line)),
    "",
    ...facts.filter(([, value]) => value !== "").flatMap(([name, value]) => indented(padded(name, LABEL), value, width)),
    ...(finding.description === "" ? [] : ["", ...wrapped(visible(finding.description), width, MOST_LINES)]),
  ];
}

function evidence({ evidence: found }: FindingDetail, width: number): string[] {
  const values: [string, readonly string[]][] = [
    ["accounts", found.accounts], ["regions", found.regions], ["addresses", found.addresses], ["keys", found.accessKeys], ["agents", found.userAgents], ["operations", found.operations], ["resources", found.resources], ["outcomes", found.outcomes],
  ];
  const samples = found.samples.slice(0, MOST_SAMPLES).flatMap((sample) => {
    const said = [sample.operation, sample.actor, sample.address, sample.outcome].filter((part) => part !== null).join(" · ");
    return [...indented(`${shortMomentText(sample.time)}  `, said, width), `  ${endThatFits(visible(`${sample.file}:${sample.line}`), width - 2)}`];
  });
  return [...values.filter(([, list]) => list.length > 0).flatMap(([name, list]) => indented(padded(name, LABEL), list.join(", "), width)), ...samples];
}

function timeline({ timeline: events }: FindingDetail, width: number): string[] {
  const left = events.length - MOST_EVENTS;
  return [...(left > 0 ? [`${countText(left)} earlier ones are left out`] : []), ...events.slice(-MOST_EVENTS).flatMap(({ at, actor, text }) => indented(`${shortMomentText(at)}  `, `${actor.name}: ${text}`, width))];
}

/** A text behind a label; its further lines begin below its first. The label, too, may hold anything. */
function indented(label: string, text: string, width: number): string[] {
  const shown = visible(label);
  return wrapped(visible(text), width - shown.length, MOST_LINES).map((line, index) => (index === 0 ? shown + line : " ".repeat(shown.length) + line).trimEnd());
}

/** One word of a POSIX shell. */
function inShell(text: string): string {
  return `'${visible(text).replaceAll("'", String.raw`'\''`)}'`;
}
