const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NUMBERS = new Intl.NumberFormat("en");
const SHORT_NUMBERS = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const DOLLARS = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });

/** `1204331` as `1,204,331`. */
export function countText(n: number): string {
  return NUMBERS.format(n);
}

/** `1204331` as `1.2M`. */
export function shortCount(n: number): string {
  return SHORT_NUMBERS.format(n);
}

/** `3 rules`, `1 rule`. */
export function countOf(n: number, singular: string, plural = `${singular}s`): string {
  return `${countText(n)} ${n === 1 ? singular : plural}`;
}

/** US dollars: `$3.10`. */
export function moneyText(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? "< $0.01" : DOLLARS.format(dollars);
}

/** Bytes in decimal units with three digits: `1.23 GB`. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (Math.round(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 999.5 ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}

/** A length of time, in milliseconds, in its largest unit, rounded down: `40 s`, `12 min`, `3 h`, `5 d`, and from two years on `2 y`. */
export function spanText(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return `${Math.floor(span / 1000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  if (span < 2 * YEAR) return `${Math.floor(span / DAY)} d`;
  return `${Math.floor(span / YEAR)} y`;
}

/** How long ago a time was, or how far ahead it is: `3 h ago`, `in 2 d`, `now`. */
export function agoText(time: string, now: number): string {
  const past = now - Date.parse(time);
  if (Number.isNaN(past)) return time;
  if (Math.abs(past) < MINUTE) return "now";
  return past > 0 ? `${spanText(past)} ago` : `in ${spanText(-past)}`;
}

/** A due date as it is said: `due in 2 d`, `3 h overdue`. */
export function dueText(time: string, now: number): string {
  const left = Date.parse(time) - now;
  return left < 0 ? `${spanText(-left)} overdue` : `due in ${spanText(left)}`;
}

/** `14 Mar 02:13`, with the year when it is not that of `now`, in UTC; a text that is no time stays as it is. */
export function momentText(time: string, now: number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const year = at.getUTCFullYear() === new Date(now).getUTCFullYear() ? "" : ` ${at.getUTCFullYear()}`;
  return `${dayText(at)}${year} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function dayText(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
}

/** `2026-03-14 02:13:07 UTC`; a text that is no time stays as it is. */
export function exactText(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
