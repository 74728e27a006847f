import type { Finding } from "../findings/index.ts";
import { tacticOf, tacticOrder, type Tactic } from "./attack.ts";
import { html, type Html } from "./html.ts";
import { levelName, levelRank } from "./levels.ts";
import { clockText, countOf, countText, dayText, durationText, momentText } from "./measures.ts";
import type { ScanReport } from "./schemas.ts";
import { percentAt, timelineOf, type Timeline } from "./timeline.ts";
import { clipped, visible } from "../kernel/index.ts";

const LANE = 32;
/** Where marks sit in a lane; above them is room for its name on narrow screens. */
const MARK = 22;
const VOLUME = 84;
const AXIS = 26;
/** Marks closer than this, in percent of the width, become one mark with a number. */
const TOGETHER = 2;

interface Lane {
  tactic: Tactic;
  /** Position in the report's list, from 0, with the finding. */
  findings: [number, Finding][];
}

/**
 * Findings over the volume of events: a lane a tactic, in the order an attack unfolds, so that a breach reads as a staircase;
 * below, on the same axis, the events. Positions are percentages and text is in pixels, so one drawing serves every width.
 */
export function timeChart(report: ScanReport): Html | null {
  const line = timelineOf(report);
  if (line === null) return null;
  const lanes = lanesOf(report.findings);
  const volumeTop = lanes.length * LANE + 20;
  const height = volumeTop + VOLUME + AXIS;
  const peak = Math.max(1, ...line.buckets.map((bucket) => bucket.count));
  return html`<figure class="chart">
<div class="gutter" aria-hidden="true">${lanes.map((lane) => html`<div class="lane-name">${clipped(lane.tactic.name, 40)}</div>`)}<div class="volume-name"><b>Events</b><br>peak ${countText(peak)} in ${bucketName(line.step)}</div></div>
<svg class="plot" width="100%" height="${height}" role="group" aria-label="Findings and events in time">
${lanes.map((_, i) => html`<line class="rail" x1="0" x2="100%" y1="${i * LANE + MARK}" y2="${i * LANE + MARK}"/>`)}
${line.ticks.map((tick, i) => tickMark(line, tick, i, height))}
<g class="bars">${line.buckets.map((bucket) => bar(line, bucket, peak, volumeTop))}</g>
<line class="base" x1="0" x2="100%" y1="${volumeTop + VOLUME}" y2="${volumeTop + VOLUME}"/>
${lanes.map((lane, i) => laneMarks(line, lane, i * LANE + MARK))}
</svg>
<figcaption>${caption(line, lanes.length > 0)}</figcaption>
</figure>`;
}

function caption(line: Timeline, marks: boolean): Html {
  const last = new Date(line.end - 1);
  const first = new Date(line.start);
  const sameDay = dayText(first) === dayText(last);
  return html`UTC, ${dayText(first)}${first.getUTCFullYear() === last.getUTCFullYear() ? "" : ` ${first.getUTCFullYear()}`}${!sameDay && html` – ${dayText(last)}`} ${last.getUTCFullYear()}. ${marks && "A mark is where a finding starts; its line runs to the last signal. "}${line.outside > 0 && html`Left out: ${countOf(line.outside, "event")} far from this time.`}`;
}

function lanesOf(findings: Finding[]): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const [i, finding] of findings.entries()) {
    const tactic = finding.tactics[0] === undefined ? { uid: null, name: "No tactic" } : tacticOf(finding.tactics[0]);
    const lane = lanes.get(tactic.name) ?? { tactic, findings: [] };
    lane.findings.push([i, finding]);
    lanes.set(tactic.name, lane);
  }
  const ordered = [...lanes.values()].sort((a, b) => tacticOrder(a.tactic) - tacticOrder(b.tactic));
  if (ordered.length <= MOST_LANES) return ordered;
  const rest = ordered.slice(MOST_LANES - 1).flatMap((lane) => lane.findings);
  return [...ordered.slice(0, MOST_LANES - 1), { tactic: { uid: null, name: "Other" }, findings: rest }];
}

/** All tactics there are, and one for the rest: rules from elsewhere may name anything. */
const MOST_LANES = 17;

function laneMarks(line: Timeline, lane: Lane, y: number): Html {
  const placed = lane.findings
    .map(([index, finding]) => ({ index, finding, from: percentAt(line, Date.parse(finding.first_seen)), to: percentAt(line, Date.parse(finding.last_seen)) }))
    .filter((mark) => Number.isFinite(mark.from) && Number.isFinite(mark.to))
    .sort((a, b) => a.from - b.from);
  const groups: (typeof placed)[] = [];
  for (const mark of placed) {
    const open = groups.at(-1);
    if (open?.[0] !== undefined && mark.from - open[0].from < TOGETHER) open.push(mark);
    else groups.push([mark]);
  }
  return html`<g>${groups.map((group) => {
    const urgent = group.reduce((a, b) => (levelRank(b.finding.level) > levelRank(a.finding.level) || (b.finding.level === a.finding.level && b.index < a.index) ? b : a));
    const from = group[0]?.from ?? 0;
    const to = group.reduce((most, mark) => Math.max(most, mark.to), from);
    const level = urgent.finding.level;
    return html`<a href="#f${urgent.index + 1}" class="mark ${level}">${to - from > 0.3 && html`<line class="reach" x1="${fixed(from)}%" x2="${fixed(to)}%" y1="${y}" y2="${y}"/>`}<svg x="${fixed(from)}%" y="${y}" overflow="visible"><title>${markTitle(group.map((mark) => mark.finding))}</title><circle class="halo" r="12"/><use href="#shape-${level}"/>${group.length > 1 && html`<text class="many" x="12" y="4">${countText(group.length)}</text>`}</svg></a>`;
  })}</g>`;
}

function markTitle(findings: Finding[]): string {
  const lines = findings.slice(0, 6).map((finding) => `${levelName(finding.level)}: ${visible(clipped(finding.title, 160))} (${momentText(finding.first_seen)} UTC)`);
  return findings.length > 6 ? [...lines, `and ${countText(findings.length - 6)} more`].join("\n") : lines.join("\n");
}

function bar(line: Timeline, bucket: Timeline["buckets"][number], peak: number, top: number): Html {
  const x = percentAt(line, bucket.start);
  const width = percentAt(line, bucket.start + line.step) - x;
  const height = Math.max(1.5, (bucket.count / peak) * VOLUME);
  const from = new Date(bucket.start);
  const to = new Date(bucket.start + line.step);
  const when = line.step < 24 * 3_600_000 ? `${dayText(from)} ${clockText(from)}–${clockText(to)}` : dayText(from);
  return html`<g><title>${when} UTC: ${countOf(bucket.count, "event")}</title><rect class="hit" x="${fixed(x)}%" y="${top}" width="${fixed(width)}%" height="${VOLUME}"/><rect class="bar" x="${fixed(x)}%" y="${fixed(top + VOLUME - height)}" width="${fixed(width - Math.min(width * 0.14, 0.3))}%" height="${fixed(height)}"/></g>`;
}

function tickMark(line: Timeline, tick: Timeline["ticks"][number], index: number, height: number): Html {
  const x = percentAt(line, tick.at);
  const anchor = x < 4 ? "start" : x > 95 ? "end" : "middle";
  return html`<g class="tick${index % 2 === 1 && " odd"}"><line x1="${fixed(x)}%" x2="${fixed(x)}%" y1="0" y2="${height - AXIS + 5}"/><text x="${fixed(x)}%" y="${height - 6}" text-anchor="${anchor}">${tick.label}</text></g>`;
}

function bucketName(step: number): string {
  return step === 3_600_000 ? "an hour" : step === 86_400_000 ? "a day" : durationText(step);
}

function fixed(n: number): number {
  return Number(n.toFixed(2));
}
