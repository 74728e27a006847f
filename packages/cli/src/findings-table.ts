import pc from "picocolors";
import type { Finding } from "@corduroy/core/findings";
import { endThatFits, padded, visible, wrapped } from "@corduroy/core/kernel";
import { bytesText, countOf, countText, datedText, durationText, headline, type ScanReport } from "@corduroy/core/reports";
import { paint, type Colors } from "./color.ts";

/** Rows shown; the rest is counted, and `--html` or `--format json` show it. */
const MOST_ROWS = 50;
const MOST_HINTS = 3;
const MOST_PLACES = 5;
const LEVEL = 8;
const COUNT = 6;
const WHEN = 12;
const GAP = "  ";

/**
 * The terminal's view of a report: a table of findings, what to look at first, and what was read. At least 80 columns wide, up to 160; no
 * line is wider than `columns`. Texts from logs reach the terminal with their control characters written out, so that only our own colour codes act.
 */
export function findingsTable(report: ScanReport, options: { columns: number; color: boolean }): string {
  const width = Math.max(80, Math.min(160, options.columns));
  const colors = pc.createColors(options.color);
  const first = wrapped(visible(headline(report).sentence), width, 3).map((line) => colors.bold(line));
  const found = report.findings.length === 0 ? [] : ["", ...table(report, width, colors), "", ...lookFirst(report.findings, width, colors)];
  return [...first, ...found, "", ...summary(report, width), ...unread(report, width, colors), ""].join("\n");
}

function table({ findings, generated }: ScanReport, width: number, colors: Colors): string[] {
  const spare = width - 80;
  const who = Math.min(32, 17 + Math.floor(spare / 3));
  const what = width - LEVEL - who - COUNT - WHEN - 4 * GAP.length;
  const head = [padded("LEVEL", LEVEL), padded("WHAT", what), padded("WHO", who), padded("COUNT", COUNT, "right"), "FIRST (UTC)"].join(GAP);
  const rows = findings.slice(0, MOST_ROWS).flatMap((finding) => row(finding, generated, what, who, colors));
  const left = findings.length - MOST_ROWS;
  return [colors.dim(head), colors.dim("─".repeat(width)), ...rows, ...(left > 0 ? [colors.dim(`and ${countOf(left, "finding")} more: see --html or --format json`)] : [])];
}

function row(finding: Finding, generated: string, what: number, who: number, colors: Colors): string[] {
  const length = Date.parse(finding.last_seen) - Date.parse(finding.first_seen);
  const title = wrapped(visible(finding.title), what, 3);
  const names = wrapped(visible(finding.entity.name), who, 2);
  const when = [wrapped(visible(datedText(finding.first_seen, generated)), WHEN, 1)[0] ?? "", length >= 1000 ? `+${durationText(length)}` : ""];
  const height = Math.max(title.length, names.length, when[1] === "" ? 1 : 2);
  const level = finding.level === "informational" ? "info" : finding.level;
  return Array.from({ length: height }, (_, i) =>
    [
      paint(finding.level, colors)(padded(i === 0 ? level : "", LEVEL)),
      padded(title[i] ?? "", what),
      padded(names[i] ?? "", who),
      padded(i === 0 ? shortCount(finding.count) : "", COUNT, "right"),
      colors.dim(when[i] ?? ""),
    ]
      .join(GAP)
      .trimEnd(),
  );
}

/** For each of the first findings: the first thing to check, and the record to start from. */
function lookFirst(findings: Finding[], width: number, colors: Colors): string[] {
  const hints = findings.slice(0, MOST_HINTS).flatMap((finding, i) => {
    const hint = finding.rule.check[0] ?? finding.title;
    const sample = finding.samples[0];
    const clues = [...finding.access_keys.slice(0, 1).map((key) => `key ${key}`), ...(finding.addresses.length > 0 ? [`from ${finding.addresses.slice(0, 2).join(" and ")}`] : [])].join(", ");
    const lines = [...wrapped(visible(hint), width - 3, 2), ...(clues === "" ? [] : wrapped(visible(clues), width - 3, 1)), ...(sample === undefined ? [] : [endThatFits(visible(`${sample.file}:${sample.line}`), width - 3)])];
    return lines.map((line, n) => (n === 0 ? `${paint(finding.level, colors)(String(i + 1))}  ${line}` : `   ${colors.dim(line)}`));
  });
  return [colors.bold("Look first"), ...hints];
}

function summary(report: ScanReport, width: number): string[] {
  const { read, stored, duplicate, dead } = report.counts;
  const adds = read === stored + duplicate + dead;
  return [
    `${countText(read)} read ${adds ? "=" : "≠"} ${countText(stored)} stored + ${countText(duplicate)} duplicate + ${countText(dead)} dead`,
    ...(adds ? [] : ["These counts do not add up. Please report this."]),
    `${countOf(report.rules.count, "rule")}, ${countText(report.rules.matched)} matched: ${countOf(report.signals, "signal")}, ${countOf(report.findings.length, "finding")}; ${bytesText(report.bytes)} in ${durationText(report.seconds * 1000)}`,
  ].flatMap((line) => wrapped(line, width, 3));
}

function unread(report: ScanReport, width: number, colors: Colors): string[] {
  const places = Math.max(report.unreadable_total, report.unreadable.length);
  if (places === 0) return [];
  const shown = report.unreadable.slice(0, MOST_PLACES);
  const lines = shown.flatMap((place) => {
    const where = visible(place.line === null ? place.file : `${place.file}:${place.line}`);
    const lost = place.count > 1 ? ` (${countOf(place.count, "record")})` : "";
    return [`  ${endThatFits(where, width - 2)}`, ...wrapped(visible(place.reason) + lost, width - 4, 2).map((line) => colors.dim(`    ${line}`))];
  });
  const left = places - shown.length;
  return [colors.yellow(`Could not read ${countOf(places, "place")}:`), ...lines, ...(left > 0 ? [`  and ${countOf(left, "more place")}`] : [])];
}

/** At most six cells: `964`, `30,112`, `1.24M`. */
function shortCount(n: number): string {
  return n < 100_000 ? countText(n) : new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(n);
}
