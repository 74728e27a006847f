const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NUMBERS = new Intl.NumberFormat("en");

/** `1204331` as `1,204,331`. */
export function countText(n: number): string {
  return NUMBERS.format(n);
}

/** `3 rules`, `1 rule`. */
export function countOf(n: number, singular: string, plural = `${singular}s`): string {
  return `${countText(n)} ${n === 1 ? singular : plural}`;
}

/** Bytes in decimal units, three digits and more only beyond petabytes: `1.23 GB`. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 1000 || unit === 0 ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}

/** A length of time in its two largest useful units: `1 h 27 min`, `12 days`, `4.2 s`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${countText(Math.round(hours / 24))} days`;
}

/** `2026-03-14T02:13:07.000Z` (or milliseconds since 1970) as `14 Mar 2026 02:13:07`, in UTC; a text that is no time stays as it is. */
export function momentText(time: string | number): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time) : `${dayText(at)} ${at.getUTCFullYear()} ${clockText(at)}:${two(at.getUTCSeconds())}`;
}

/** `14 Mar 02:13`, in UTC; a text that is no time stays as it is. */
export function shortMomentText(time: string | number): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time) : `${dayText(at)} ${clockText(at)}`;
}

/** `14 Mar 02:13`, or `14 Mar 2019` where the year is not that of `now`, in UTC; a text that is no time stays as it is. */
export function datedText(time: string, now: string): string {
  const at = new Date(time);
  const year = at.getUTCFullYear();
  return Number.isNaN(year) || year === new Date(now).getUTCFullYear() ? shortMomentText(time) : `${dayText(at)} ${year}`;
}

/** `14 Mar`. */
export function dayText(at: Date): string {
  return `${at.getUTCDate()} ${monthText(at)}`;
}

/** `Mar`. */
export function monthText(at: Date): string {
  return MONTHS[at.getUTCMonth()] ?? "";
}

/** `02:13`. */
export function clockText(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
