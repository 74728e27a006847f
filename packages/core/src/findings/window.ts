import type { Sampled, SignalGroup } from "./group.ts";

/** Signals of one rule and entity belong to one finding as long as no longer than this passes between two of them… */
export const WINDOW_HOURS = 24;
/** …and the finding spans no more than this from its first hour to its last. */
export const SPAN_HOURS = 7 * 24;

const HOUR = 3_600_000;

/**
 * Cuts the hourly groups of one rule and one entity into findings' worth: a silence of more than WINDOW_HOURS, or a span of more
 * than SPAN_HOURS, begins another. Which order the groups come in does not matter.
 */
export function cutWindows<Sample extends Sampled>(groups: readonly SignalGroup<Sample>[]): SignalGroup<Sample>[][] {
  const ordered = [...groups].sort((a, b) => (a.hour < b.hour ? -1 : 1));
  const windows: SignalGroup<Sample>[][] = [];
  for (const group of ordered) {
    const open = windows.at(-1);
    const at = Date.parse(group.hour);
    const fits = open && at - Date.parse(open.at(-1)!.hour) <= WINDOW_HOURS * HOUR && at - Date.parse(open[0]!.hour) < SPAN_HOURS * HOUR;
    if (fits) open.push(group);
    else windows.push([group]);
  }
  return windows;
}
