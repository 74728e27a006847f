const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, "0"));
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let cachedDay = Number.NaN;
let cachedText = "";

/** `2026-11-20T09:15:00Z`: CloudTrail's eventTime. Takes milliseconds since 1970. */
export function isoSeconds(time: number): string {
  const day = Math.floor(time / DAY);
  if (day !== cachedDay) {
    cachedDay = day;
    cachedText = new Date(day * DAY).toISOString().slice(0, 11);
  }
  const second = Math.floor((time - day * DAY) / SECOND);
  return `${cachedText}${TWO[Math.floor(second / 3600)] ?? ""}:${TWO[Math.floor(second / 60) % 60] ?? ""}:${TWO[second % 60] ?? ""}Z`;
}

/** `Nov 20, 2026, 9:15:00 AM`: how most services print a time inside request and response. */
export function longTime(time: number): string {
  const date = new Date(time);
  const hour = date.getUTCHours();
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${TWO[date.getUTCMinutes()] ?? ""}:${TWO[date.getUTCSeconds()] ?? ""}`;
  return `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${clock} ${hour < 12 ? "AM" : "PM"}`;
}

/** `20261120T0915Z`: the time in the name of a delivered file. */
export function fileStamp(time: number): string {
  const text = isoSeconds(time);
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 10)}T${text.slice(11, 13)}${text.slice(14, 16)}Z`;
}
