import { cellText, type Column } from "./answer.ts";

/** How an answer can be drawn. */
export type Chart =
  | { kind: "line"; x: string; y: string; points: [time: number, value: number][] }
  | { kind: "bars"; x: string; y: string; bars: [label: string, value: number][] };

const MOST_BARS = 40;
const MOST_POINTS = 5_000;

/** The drawing that fits the columns: a number over time, or a number a text; null when there is no number to draw. */
export function chartFor(columns: readonly Column[], rows: readonly unknown[][]): Chart | null {
  const y = columns.findIndex(({ type }) => type === "number");
  const time = columns.findIndex(({ type }) => type === "time");
  const text = columns.findIndex(({ type }) => type === "text");
  const value = columns[y];
  if (value === undefined) return null;
  if (time !== -1) {
    const points = rows.slice(0, MOST_POINTS).map((row): [number, number] => [timeOf(row[time]), numberOf(row[y])]).filter(([at, n]) => Number.isFinite(at) && Number.isFinite(n));
    return points.length < 2 ? null : { kind: "line", x: columns[time]?.name ?? "", y: value.name, points: points.sort(([a], [b]) => a - b) };
  }
  if (text === -1) return null;
  const bars = rows.slice(0, MOST_BARS).map((row): [string, number] => [cellText(row[text]), numberOf(row[y])]).filter(([, n]) => Number.isFinite(n));
  return bars.length === 0 ? null : { kind: "bars", x: columns[text]?.name ?? "", y: value.name, bars };
}

/** Times of the first time column, each counting one; null when there is none. */
export function timesOf(columns: readonly Column[], rows: readonly unknown[][]): TimeCount[] | null {
  const at = columns.findIndex(({ type }) => type === "time");
  if (at === -1) return null;
  const times = rows.map((row): TimeCount => [timeOf(row[at]), 1]).filter(([time]) => Number.isFinite(time));
  return times.length < 2 ? null : times;
}

/** How often at one moment, in milliseconds. */
export type TimeCount = readonly [time: number, count: number];

const STEPS_S = [1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];

/** Adds up what happened at these times in at most `most` equal spans of a round length; spans without any are there too. */
export function timeBuckets(times: readonly TimeCount[], most: number): [time: string, count: number][] {
  const first = times.reduce((least, [time]) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((largest, [time]) => Math.max(largest, time), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(first)) return [];
  const spans = (step: number): number => Math.floor(last / step) - Math.floor(first / step) + 1;
  const step = STEPS_S.map((seconds) => seconds * 1000).find((step) => spans(step) <= most) ?? Math.ceil((last - first + 1) / (most - 1));
  const start = Math.floor(first / step) * step;
  const counts = Array.from({ length: spans(step) }, () => 0);
  for (const [time, count] of times) counts[Math.floor((time - start) / step)] = (counts[Math.floor((time - start) / step)] ?? 0) + count;
  return counts.map((count, i) => [new Date(start + i * step).toISOString(), count]);
}

/** SQL times have no zone; they are UTC. */
function timeOf(value: unknown): number {
  if (typeof value !== "string") return Number.NaN;
  const text = value.replace(" ", "T");
  return Date.parse(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) || !text.includes("T") ? text : `${text}Z`);
}

/** Numbers too large for a double come as text. */
function numberOf(value: unknown): number {
  return typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
