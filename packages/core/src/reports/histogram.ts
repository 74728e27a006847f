import type { Finding } from "../findings/index.ts";
import { html, type Html } from "./html.ts";
import { countOf, momentText, shortMomentText } from "./measures.ts";

const MOST_BARS = 48;
const HEIGHT = 34;

/** The signals of one finding in time, as a small strip of bars; null when they all fall into one hour, where a drawing says nothing. */
export function findingHistogram(finding: Finding): Html | null {
  const hours = finding.histogram.map(([hour, count]): [number, number] => [Date.parse(hour), count]).filter(([at]) => Number.isFinite(at));
  const first = hours.reduce((least, [at]) => Math.min(least, at), Infinity);
  const last = hours.reduce((most, [at]) => Math.max(most, at), -Infinity) + 3_600_000;
  if (hours.length < 2 || last - first < 2 * 3_600_000) return null;
  const step = Math.max(1, Math.ceil((last - first) / 3_600_000 / MOST_BARS)) * 3_600_000;
  const bars = Math.ceil((last - first) / step);
  const counts = Array.from({ length: bars }, () => 0);
  for (const [at, count] of hours) {
    const i = Math.floor((at - first) / step);
    counts[i] = (counts[i] ?? 0) + count;
  }
  const peak = Math.max(...counts);
  const width = 100 / bars;
  return html`<figure class="strip"><svg width="100%" height="${HEIGHT}" role="img" aria-label="Signals in time, at most ${peak} in a bar">${counts.map((count, i) => {
    const height = count === 0 ? 0 : Math.max(2, (count / peak) * HEIGHT);
    return count > 0 && html`<rect class="bar" x="${Number((i * width).toFixed(2))}%" width="${Number((width * 0.82).toFixed(2))}%" y="${Number((HEIGHT - height).toFixed(1))}" height="${Number(height.toFixed(1))}"><title>${momentText(first + i * step)}: ${countOf(count, "signal")}</title></rect>`;
  })}</svg><figcaption><span>${shortMomentText(first)}</span><span>${shortMomentText(last)}</span></figcaption></figure>`;
}
