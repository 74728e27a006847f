import { clockText, dayText, monthText } from "./measures.ts";
import type { ScanReport } from "./schemas.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_BUCKETS = 190;
const MOST_TICKS = 8;
const BUCKET_STEPS = [1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24].map((hours) => hours * HOUR);
const TICK_STEPS = [1 / 12, 1 / 6, 1 / 2, 1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24].map((hours) => hours * HOUR);
const TICK_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** The time that a chart shows; times are milliseconds since 1970, UTC. */
export interface Timeline {
  start: number;
  end: number;
  /** Length of a bucket. */
  step: number;
  /** Buckets with events, in order. */
  buckets: { start: number; count: number }[];
  ticks: { at: number; label: string }[];
  /** Events whose time lies so far from all others that the chart leaves them out. */
  outside: number;
}

/** Folds the hours of a report into about 190 buckets at most (hours, days, weeks …) with up to eight labelled ticks; null when nothing has a time. */
export function timelineOf(report: ScanReport): Timeline | null {
  const hours = report.volume.map(([hour, count]): [number, number] => [Date.parse(hour), count]).filter(([at]) => Number.isFinite(at));
  hours.sort(([a], [b]) => a - b);
  const seen = report.findings.flatMap((finding) => [Date.parse(finding.first_seen), Date.parse(finding.last_seen)]).filter((at) => Number.isFinite(at));
  const range = hours.length > 0 ? busyRange(hours) : extent(seen);
  if (range === null) return null;
  const step = BUCKET_STEPS.find((candidate) => (range.last - range.first) / candidate < MOST_BUCKETS) ?? Math.ceil((range.last - range.first) / MOST_BUCKETS / DAY) * DAY;
  const align = Math.min(step, DAY);
  const start = Math.floor(range.first / align) * align;
  const end = start + (Math.floor((range.last - start) / step) + 1) * step;
  const counts = new Map<number, number>();
  let outside = 0;
  for (const [at, count] of hours) {
    if (at < start || at >= end) outside += count;
    else {
      const bucket = start + Math.floor((at - start) / step) * step;
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
  }
  return { start, end, step, buckets: [...counts].map(([bucket, count]) => ({ start: bucket, count })), ticks: ticksOf(start, end), outside };
}

/** Where a time lies on the line: 0 is the start, 100 the end; times outside stick to the edge. */
export function percentAt(line: Timeline, at: number): number {
  return Math.min(100, Math.max(0, ((at - line.start) / (line.end - line.start)) * 100));
}

/** First and last hour; a few stray events (one in a thousand, e.g. a clock set to 1970) must not squeeze the rest into one bar. */
function busyRange(hours: [number, number][]): { first: number; last: number } | null {
  const whole = extent(hours.map(([at]) => at));
  const busy = extent(withoutTails(hours));
  if (whole === null || busy === null) return whole;
  return whole.last - whole.first > 20 * (busy.last - busy.first) + 60 * DAY ? busy : whole;
}

function withoutTails(hours: [number, number][]): number[] {
  const total = hours.reduce((sum, [, count]) => sum + count, 0);
  let before = 0;
  return hours.flatMap(([at, count]) => {
    before += count;
    return before > total * 0.001 && before - count < total * 0.999 ? [at] : [];
  });
}

function extent(times: number[]): { first: number; last: number } | null {
  if (times.length === 0) return null;
  return times.reduce((range, at) => ({ first: Math.min(range.first, at), last: Math.max(range.last, at) }), { first: Infinity, last: -Infinity });
}

function ticksOf(start: number, end: number): Timeline["ticks"] {
  const step = TICK_STEPS.find((candidate) => (end - start) / candidate <= MOST_TICKS);
  if (step === undefined) return monthTicks(start, end);
  const ticks: Timeline["ticks"] = [];
  const offset = Math.floor(start / DAY) * DAY;
  for (let at = offset + Math.ceil((start - offset) / step) * step; at < end; at += step) {
    const date = new Date(at);
    ticks.push({ at, label: step >= DAY || ticks.length === 0 || at % DAY === 0 ? (step >= DAY || at % DAY === 0 ? dayText(date) : `${dayText(date)} ${clockText(date)}`) : clockText(date) });
  }
  return ticks;
}

function monthTicks(start: number, end: number): Timeline["ticks"] {
  const from = new Date(start);
  const months = (end - start) / DAY / 30.4;
  const step = TICK_MONTHS.find((candidate) => months / candidate <= MOST_TICKS) ?? Math.ceil(months / MOST_TICKS / 12) * 12;
  const ticks: Timeline["ticks"] = [];
  const firstMonth = step >= 12 ? 0 : Math.floor(from.getUTCMonth() / step) * step;
  for (let month = firstMonth; ticks.length <= MOST_TICKS; month += step) {
    const at = Date.UTC(from.getUTCFullYear(), month, 1);
    if (!(at < end)) break;
    const date = new Date(at);
    const year = date.getUTCMonth() === 0 || ticks.length === 0 ? ` ${date.getUTCFullYear()}` : "";
    if (at >= start) ticks.push({ at, label: monthText(date) + year });
  }
  return ticks;
}
