import { FindingFilter, type FindingSummary } from "@corduroy/contract";

/** What a list shows when nothing was chosen. */
export const NO_FILTER: FindingFilter = FindingFilter.parse({});

const NAMES = Object.keys(FindingFilter.shape) as (keyof FindingFilter)[];

/** A filter from an address; what is unknown or not allowed is left out, so that an old link still opens. */
export function filterFromUrl(raw: Record<string, unknown>): FindingFilter {
  const fits = NAMES.filter((name) => raw[name] !== undefined && raw[name] !== "" && FindingFilter.shape[name].safeParse(raw[name]).success);
  return FindingFilter.parse(Object.fromEntries(fits.map((name) => [name, raw[name]])));
}

/** The shortest address of a filter: without what is so anyway. */
export function filterToUrl(filter: FindingFilter): Partial<FindingFilter> {
  return Object.fromEntries(NAMES.filter((name) => filter[name] !== undefined && filter[name] !== "" && filter[name] !== NO_FILTER[name]).map((name) => [name, filter[name]]));
}

/** Whether two filters choose the same. */
export function sameFilter(a: FindingFilter, b: FindingFilter): boolean {
  return NAMES.every((name) => (a[name] || undefined) === (b[name] || undefined));
}

const ACTIVE = new Set(["open", "triaged", "in_progress"]);

/** Whether a finding is still somebody's to decide. */
export function isActive(finding: Pick<FindingSummary, "state">): boolean {
  return ACTIVE.has(finding.state);
}

/** Whether a finding should have been closed by now, and is not. @param now in milliseconds */
export function isOverdue({ state, dueAt }: Pick<FindingSummary, "state" | "dueAt">, now: number): boolean {
  return isActive({ state }) && dueAt !== null && Date.parse(dueAt) <= now;
}

/**
 * Whether a filter lets a finding through, as far as can be told from here; the service decides when the list is loaded.
 * @param me the id of whoever looks, for `owner=me`
 * @param now for what is overdue, in milliseconds
 */
export function letsThrough(filter: FindingFilter, finding: FindingSummary, me: string, now: number): boolean {
  const { state, due, suppressed, owner, q } = filter;
  if (state === "active" ? !isActive(finding) : state === "closed" ? isActive(finding) : state !== "all" && state !== finding.state) return false;
  if (due === "overdue" && !isOverdue(finding, now)) return false;
  if (suppressed !== "all" && finding.suppressed !== (suppressed === "yes")) return false;
  if (owner !== undefined && (owner === "none" ? null : owner === "me" ? me : owner) !== (finding.owner?.id ?? null)) return false;
  const title = finding.title.toLowerCase();
  if (q !== undefined && !q.toLowerCase().split(/\s+/).every((word) => title.includes(word))) return false;
  const exact: [string | undefined, string | null][] = [[filter.level, finding.level], [filter.priority, finding.priority], [filter.team, finding.team], [filter.rule, finding.rule.id], [filter.entity, finding.entity.key]];
  return exact.every(([wanted, value]) => wanted === undefined || wanted === value) && (filter.label === undefined || finding.labels.includes(filter.label));
}
