import type { FindingLine } from "./listFindings.ts";
import { attackOf } from "./finding.ts";
import { WINDOW_HOURS } from "./window.ts";

/** Values that were seen in a finding. */
export interface Seen {
  access_keys: readonly string[];
  resources: readonly string[];
  accounts: readonly string[];
}

/** A finding, as far as it ties itself to others. */
export interface Told {
  finding: Pick<FindingLine, "id" | "entityKind" | "entityKey" | "entityName" | "firstSeen" | "lastSeen">;
  seen: Seen;
}

/** A finding in which more values than these were seen is about none of them. */
export const VALUES_OF_ONE = 3;
const SILENCE_MS = WINDOW_HOURS * 3_600_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Puts together what one decision settles: findings of the same entity, of the same access key, or of a user and whoever acted on that user, with
 * no longer silence between them than ends a finding. A crowd is nobody, and ties nothing together. Each finding is in one story; which order they come in does not matter. Pure.
 * @returns stories, each in order of time
 */
export function storiesOf<T extends Told>(told: readonly T[]): T[][] {
  const ordered = [...told].sort((a, b) => a.finding.firstSeen.getTime() - b.finding.firstSeen.getTime() || (a.finding.id < b.finding.id ? -1 : 1));
  const storyOf = new Map<T, T[]>(ordered.map((each) => [each, [each]]));
  const join = (a: T, b: T): void => {
    const [into, from] = [storyOf.get(a)!, storyOf.get(b)!];
    if (into === from) return;
    into.push(...from);
    for (const each of from) storyOf.set(each, into);
  };
  const threads = new Map<string, { last: T; until: number }>();
  for (const each of ordered) {
    for (const thread of threadsOf(each)) {
      const before = threads.get(thread);
      const until = each.finding.lastSeen.getTime();
      if (before && each.finding.firstSeen.getTime() - before.until <= SILENCE_MS) join(before.last, each);
      threads.set(thread, { last: each, until: Math.max(until, before?.until ?? until) });
    }
  }
  for (const [maker, made] of handsOn(ordered)) join(maker, made);
  return [...new Set(storyOf.values())].map((story) => ordered.filter((each) => storyOf.get(each) === story));
}

/** What ties a finding to others. */
function threadsOf({ finding: { entityKind, entityKey }, seen }: Told): string[] {
  if (entityKind === "many") return [];
  const own = entityKind === "unknown" ? [] : [`entity ${entityKey}`];
  return [...own, ...fewOf(seen.access_keys).map((key) => `key ${key}`)];
}

function fewOf(values: readonly string[]): readonly string[] {
  return values.length > VALUES_OF_ONE ? [] : values;
}

/** Pairs of a finding in which a user was acted on, and a finding of what that user did: an intruder goes on under a name of their own making. */
function handsOn<T extends Told>(told: readonly T[]): [T, T][] {
  const users = new Map<string, T[]>();
  for (const each of told) if (each.finding.entityKind === "user") users.set(each.finding.entityName, [...(users.get(each.finding.entityName) ?? []), each]);
  const makers = told.filter(({ finding }) => finding.entityKind !== "many");
  return makers.flatMap((maker) => fewOf(maker.seen.resources).flatMap((name) => (users.get(name) ?? []).filter((made) => near(maker, made)).map((made): [T, T] => [maker, made])));
}

function near({ finding: a, seen: inA }: Told, { finding: b, seen: inB }: Told): boolean {
  const silence = Math.max(a.firstSeen.getTime() - b.lastSeen.getTime(), b.firstSeen.getTime() - a.lastSeen.getTime());
  return silence <= SILENCE_MS && inA.accounts.some((account) => inB.accounts.includes(account));
}

/** ATT&CK tactics that findings cover. */
export function tacticsOf(findings: readonly Pick<FindingLine, "rule">[]): string[] {
  return [...new Set(findings.flatMap(({ rule }) => attackOf(rule.tags).tactics))];
}

/** What a story is, in a few words: `5 findings about ci-deploy within 48 min, over 4 tactics`. */
export function storyText(findings: readonly Pick<FindingLine, "entityName" | "firstSeen" | "lastSeen" | "rule">[]): string {
  const names = [...new Set(findings.map(({ entityName }) => entityName))];
  const span = Math.max(...findings.map(({ lastSeen }) => lastSeen.getTime())) - Math.min(...findings.map(({ firstSeen }) => firstSeen.getTime()));
  const tactics = tacticsOf(findings).length;
  return `${findings.length} findings about ${names.length <= 2 ? names.join(" and ") : `${names.length} identities`} within ${spanText(span)}${tactics > 1 ? `, over ${tactics} tactics` : ""}`;
}

function spanText(span: number): string {
  if (span < HOUR_MS) return `${Math.max(1, Math.ceil(span / MINUTE_MS))} min`;
  return span < 2 * WINDOW_HOURS * HOUR_MS ? `${Math.ceil(span / HOUR_MS)} h` : `${Math.ceil(span / (WINDOW_HOURS * HOUR_MS))} d`;
}
