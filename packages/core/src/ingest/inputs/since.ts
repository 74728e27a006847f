const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const AGO = /^([0-9]{1,6})([mhdw])$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/;
const FORMS = "Give a span such as 90m, 24h, 7d or 2w, a day such as 2026-11-01, or a time such as 2026-11-01T08:00Z";

/**
 * The moment meant by `--since`: `90m`, `24h`, `7d` or `2w` before `now`, a day (its start), or an ISO 8601 time. Without an
 * offset a time is UTC, as in the logs.
 *
 * @throws Error with a sentence that names the forms, for anything else, for a day that does not exist, for the time before
 * 1970 and for the future
 */
export function parseSince(text: string, now: Date): Date {
  const ago = AGO.exec(text);
  const time = ago ? now.getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS] : parseMoment(text);
  const since = new Date(time);
  if (!(since.getTime() >= 0)) throw new Error(`${JSON.stringify(text)} is not a time. ${FORMS}.`);
  if (since > now) throw new Error(`${JSON.stringify(text)} lies in the future, so that no log could be that new. ${FORMS}.`);
  return since;
}

function parseMoment(text: string): number {
  const isDay = DATE.test(text);
  const zone = DATE_TIME.exec(text);
  if (!isDay && zone === null) return Number.NaN;
  // V8 rolls 2026-02-30 over to March.
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return Number.NaN;
  return isDay ? midnight.getTime() : Date.parse(zone?.[1] === undefined ? `${text}Z` : text);
}

/** Why something that last changed before `since` is left out. */
export function tooOld(since: Date): string {
  return `Not read: last changed before ${since.toISOString()}`;
}
