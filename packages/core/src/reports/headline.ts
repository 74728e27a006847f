import type { Finding } from "../findings/index.ts";
import { tacticOf } from "./attack.ts";
import { levelRank, levelTally } from "./levels.ts";
import { countOf, countText, durationText } from "./measures.ts";
import type { ScanReport } from "./schemas.ts";
import { clipped } from "../kernel/index.ts";

/** What happened, for somebody who reads nothing else. Texts from logs in it are hostile, as everywhere. */
export interface Headline {
  /** One sentence. */
  sentence: string;
  /** What to add to it, in one more. */
  detail: string;
}

/** Says in one sentence what the scan found: the identity behind several findings with its way through the tactics, else the first finding, else that nothing matched. */
export function headline(report: ScanReport): Headline {
  const [first] = report.findings;
  if (first === undefined) return nothingFound(report);
  const behind = sameHand(report.findings);
  const total = countOf(report.findings.length, "finding");
  const levels = levelTally(report.findings)
    .map(([level, n]) => `${countText(n)} ${level}`)
    .join(", ");
  const asked = `${countOf(report.rules.count, "rule")} over ${countOf(report.counts.read, "event")} gave ${total}: ${levels}.`;
  if (behind.length < 2) return { sentence: sentenceOf(first.title), detail: asked };
  const share = behind.length === report.findings.length ? `all ${total}` : `${countText(behind.length)} of ${total}`;
  return { sentence: `${clipped(first.entity.name, 60)} is behind ${share}${path(behind)}.`, detail: `${asked} Read first: ${sentenceOf(first.title)}` };
}

/** The findings at medium and above about the identity of the first finding, in time: one story. Empty when they name nobody. */
export function sameHand(findings: Finding[]): Finding[] {
  const entity = findings[0]?.entity;
  if (entity === undefined || entity.kind === "many" || entity.kind === "unknown" || entity.name.trim() === "") return [];
  return findings
    .filter((finding) => finding.entity.key === entity.key && levelRank(finding.level) >= levelRank("medium"))
    .sort((a, b) => Date.parse(a.first_seen) - Date.parse(b.first_seen));
}

function nothingFound(report: ScanReport): Headline {
  const lost = report.counts.dead + report.unreadable_total;
  return {
    sentence: `Nothing matched: ${countOf(report.rules.count, "rule")} over ${countOf(report.counts.read, "event")}.`,
    detail:
      report.counts.read === 0
        ? "No event was read, so this says nothing about what happened."
        : lost > 0
          ? "Part of the input could not be read (see below), and rules only see what they were written for and what was logged."
          : "Everything given was read. Rules only see what they were written for and what was logged.",
  };
}

/** `, from initial access to impact, within 2 h`: the tactics of the earliest and the latest start, and the time between first and last signal. */
function path(inTime: Finding[]): string {
  const names = inTime.flatMap((finding) => finding.tactics.slice(0, 1)).map((tactic) => clipped(tacticOf(tactic).name.toLowerCase(), 40));
  const [from, to] = [names[0], names.at(-1)];
  const end = inTime.reduce((latest, finding) => Math.max(latest, Date.parse(finding.last_seen)), 0);
  const length = end - Date.parse(inTime[0]?.first_seen ?? "");
  const tactics = from === undefined ? "" : from === to ? `, for ${from}` : `, from ${from} to ${to}`;
  return Number.isFinite(length) && length >= 60_000 ? `${tactics}, within ${durationText(length)}` : tactics;
}

function sentenceOf(title: string): string {
  const text = title.length > 200 ? `${clipped(title, 200)}…` : title;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
