const HOUR = 3_600_000;
/** More bars than this are not told apart; days are shown then. */
const MOST = 24 * 8;

/** Fills the hours in which nothing matched with zeros, so that silence has its true length; days in place of hours for a long time. */
export function hoursBetween(histogram: readonly (readonly [time: string, count: number])[]): [time: string, count: number][] {
  const times = histogram.map(([time]) => Date.parse(time)).filter((time) => !Number.isNaN(time));
  if (times.length === 0) return [];
  const first = Math.min(...times);
  const last = Math.max(...times);
  const step = (last - first) / HOUR >= MOST ? 24 * HOUR : HOUR;
  const start = Math.floor(first / step) * step;
  const bars = Array.from({ length: Math.min(MOST * 2, Math.floor((last - start) / step) + 1) }, (_, i): [string, number] => [new Date(start + i * step).toISOString(), 0]);
  for (const [time, count] of histogram) {
    const bar = bars[Math.floor((Date.parse(time) - start) / step)];
    if (bar !== undefined) bar[1] += count;
  }
  return bars;
}
