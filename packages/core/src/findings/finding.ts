import { createHash } from "node:crypto";
import { addTally, compareSamples, emptyTally, TALLIED, VALUES_KEPT, type Sampled, type SignalGroup, type Tallied, type Tally } from "./group.ts";
import type { Entity, Finding, RuleSummary } from "./schemas.ts";

/** Values of one field that a finding lists. */
const VALUES_SHOWN = 10;
/** Samples that a finding shows. */
const SAMPLES_SHOWN = 5;

/** A finding whose samples are still to be fetched. */
export type Draft<Sample extends Sampled> = Omit<Finding, "samples"> & { samples: Sample[] };

/** What makes two findings the same one: rule, entity, and the hour the window began. 16 hex digits. */
export function fingerprint(ruleId: string, entityKey: string, hour: string): string {
  return createHash("sha256").update(JSON.stringify([ruleId, entityKey, hour])).digest("hex").slice(0, 16);
}

/** ATT&CK tactics (`initial-access`) and techniques (`T1098.003`) named by Sigma tags. */
export function attackOf(tags: readonly string[]): { tactics: string[]; techniques: string[] } {
  const attack = tags.flatMap((tag) => (/^attack\./i.test(tag) ? [tag.slice("attack.".length)] : []));
  return {
    tactics: attack.filter((tag) => !/^(?:ta|[tgs])\d{4}/i.test(tag)).map((tag) => tag.toLowerCase().replaceAll("_", "-")),
    techniques: attack.filter((tag) => /^t\d{4}/i.test(tag)).map((tag) => tag.toUpperCase()),
  };
}

/** The values of a tally to show, the most frequent first. */
export function shown(tally: Tally, most = VALUES_SHOWN): string[] {
  return Object.entries(tally)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value);
}

/** The first one, and the others spread evenly over the time they cover. */
export function spread<Sample extends Sampled>(samples: readonly Sample[]): Sample[] {
  const ordered = [...samples].sort(compareSamples);
  if (ordered.length <= SAMPLES_SHOWN) return ordered;
  return Array.from({ length: SAMPLES_SHOWN }, (_, index) => ordered[Math.round((index * (ordered.length - 1)) / (SAMPLES_SHOWN - 1))]!);
}

const KINDS: Record<Entity["kind"], string> = {
  user: "", person: "", role: "role ", service: "AWS service ", address: "", account: "account ", resource: "", unknown: "", many: "",
};

/** The one value, or how many there are; a tally counts up to what it keeps. */
function oneOrHowMany(tally: Tally, plural: string): string {
  const values = Object.keys(tally);
  if (values.length === 1) return values[0]!;
  return values.length < VALUES_KEPT ? `${values.length} ${plural}` : `${VALUES_KEPT} ${plural} or more`;
}

/** One plain sentence: what happened, who did it, from and in where. A long-term key is named, for it may have leaked. */
export function sentence(rule: RuleSummary, entity: Entity, count: number, tallies: Record<Tallied, Tally>): string {
  const any = (field: Tallied): boolean => Object.keys(tallies[field]).length > 0;
  const keys = Object.keys(tallies.access_keys);
  const key = keys.length === 1 && keys[0]!.startsWith("AKIA") ? ` with key ${keys[0]}` : "";
  const from = entity.kind === "address" || !any("addresses") ? "" : ` from ${oneOrHowMany(tallies.addresses, "addresses")}`;
  const account = Object.keys(tallies.accounts).length === 1 ? "account " : "";
  const where = entity.kind === "account" || !any("accounts") ? "" : ` in ${account}${oneOrHowMany(tallies.accounts, "accounts")}`;
  const times = count === 1 ? "" : `, ${count.toLocaleString("en-US")} times`;
  return `${rule.title}: ${KINDS[entity.kind]}${entity.name}${key}${from}${where}${times}`;
}

/** Folds the groups of one window into a finding. */
export function draftFinding<Sample extends Sampled>(rule: RuleSummary, groups: readonly SignalGroup<Sample>[]): Draft<Sample> {
  const [opening] = groups;
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  for (const group of groups) for (const field of TALLIED) addTally(tallies[field], group.tallies[field]);
  const lists = Object.fromEntries(TALLIED.map((field) => [field, shown(tallies[field])])) as Record<Tallied, string[]>;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const { entity } = opening!;
  return {
    id: fingerprint(rule.id, entity.key, opening!.hour),
    rule,
    title: sentence(rule, entity, count, tallies),
    level: rule.level,
    count,
    first_seen: groups.reduce((least, group) => (group.first < least ? group.first : least), opening!.first),
    last_seen: groups.reduce((most, group) => (group.last > most ? group.last : most), opening!.last),
    entity,
    ...attackOf(rule.tags),
    ...lists,
    histogram: groups.map((group) => [group.hour, group.count]),
    samples: spread(groups.flatMap((group) => group.samples)),
  };
}
