/** Nobody may silence us for longer, in seconds. */
const LONGEST = 24 * 3600;

/**
 * What a `Retry-After` header asks for (RFC 9110, 10.2.3): a number of seconds, or a date.
 *
 * @param value the header; undefined where there is none
 * @returns whole seconds from `now`, from 0 to a day; undefined where the header says nothing that can be read
 */
export function retryAfter(value: string | undefined, now: Date): number | undefined {
  const text = value?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text), LONGEST);
  const date = /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(Math.ceil((date - now.getTime()) / 1000), 0), LONGEST);
}
