/** `AWSLogs/[organisation/]account/CloudTrail/region/`, below which CloudTrail makes folders `YYYY/MM/DD` (UTC, day of delivery). */
const REGION_ROOT = /^(.*?(?<=^|\/)AWSLogs\/(?:o-[a-z0-9]{1,40}\/)?[0-9]{12}\/CloudTrail(?:-Insight)?\/[a-z0-9-]+\/)(.*)$/s;
const DATED = /^[0-9]{4}(?:\/[0-9]{2}(?:\/[0-9]{2})?)?$/;
const DAY = 86_400_000;

/** What lies above a region's folder: few entries, each worth listing by itself. */
const ABOVE_REGION = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{1,40}\/)?(?:[0-9]{12}\/(?:[^/]+\/)?)?$/;

/** Whether a prefix ends above the regions of an `AWSLogs` tree (at the organisation, an account or a service). */
export function isAboveRegions(prefix: string): boolean {
  return ABOVE_REGION.test(prefix);
}

/** The region's folder that a path or key lies in, up to and with its slash; undefined outside of an `AWSLogs` tree. */
export function regionRoot(path: string): string | undefined {
  return REGION_ROOT.exec(path)?.[1];
}

/** A day as CloudTrail writes it in its folders: `2026/11/21`. */
function dayFolder(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll("-", "/");
}

/** The first day folder worth opening: the day before `since`, for what was written before midnight and stored after it. */
export function firstDay(since: Date): string {
  return dayFolder(since.getTime() - DAY);
}

/**
 * Where a listing in key order goes on behind a key when days that ended before `since` are left out: behind the key itself, or at the first day wanted of its region.
 * No key between the two lies outside of that region.
 */
export function goOnAfter(key: string, since: Date): string {
  const root = regionRoot(key);
  const first = root === undefined ? "" : root + firstDay(since);
  return key < first ? first : key;
}

/** Whether a folder of an `AWSLogs` tree is a year, month or day that ended before `first` (`YYYY/MM/DD`). */
export function endsBefore(folder: string, first: string): boolean {
  const rest = REGION_ROOT.exec(folder)?.[2]?.replace(/\/$/, "");
  return rest !== undefined && DATED.test(rest) && rest < first.slice(0, rest.length);
}

/**
 * Where to cut the rest of a region's keys so that its days can be listed at the same time.
 *
 * @param firstKey first key of a full page, @param lastKey last key of that page, @param now the time, in ms
 * @param most the most pieces to cut into
 * @returns day prefixes after `lastKey`, ascending and without their slash; each stretch holds about as many keys as the page.
 * Empty when the keys carry no days. Any key sorts into exactly one stretch, whatever its form.
 */
export function dayCuts(firstKey: string, lastKey: string, now: number, most: number): string[] {
  const root = regionRoot(lastKey);
  if (root === undefined || !firstKey.startsWith(root)) return [];
  const from = dayOf(firstKey, root);
  const to = dayOf(lastKey, root);
  if (from === undefined || to === undefined) return [];
  const step = Math.max(to - from + DAY, Math.ceil((now - to) / DAY / most) * DAY);
  const cuts: string[] = [];
  for (let day = to + step; day <= now; day += step) cuts.push(root + dayFolder(day));
  return cuts;
}

function dayOf(key: string, root: string): number | undefined {
  const day = key.slice(root.length, root.length + 10);
  if (!DATED.test(day) || day.length !== 10) return undefined;
  const time = Date.parse(`${day.replaceAll("/", "-")}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}
