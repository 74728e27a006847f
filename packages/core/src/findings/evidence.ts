import { addTally, compareSamples, emptyTally, TALLIED, type SignalGroup, type Tallied, type Tally } from "./group.ts";
import { LEVELS, type RuleSummary, type SampleEvent } from "./schemas.ts";
import { spread } from "./finding.ts";
import type { FindingRow } from "./store.ts";
import type { Evidence } from "./tables.ts";

/** Samples that a finding keeps: the first ones, and the newest. */
const SAMPLES_KEPT = 8;

export function emptyEvidence(): Evidence {
  return { tallies: Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>, hours: {}, samples: [] };
}

/** Adds an hour's matches to what a finding has. */
export function addToEvidence(evidence: Evidence, group: Omit<SignalGroup<SampleEvent>, "rule">): void {
  for (const field of TALLIED) {
    // What comes from the database has a prototype, and a value may be called `__proto__`.
    const tally = Object.assign(emptyTally(), evidence.tallies[field]);
    addTally(tally, group.tallies[field]);
    evidence.tallies[field] = tally;
  }
  evidence.hours[group.hour] = (evidence.hours[group.hour] ?? 0) + group.count;
  const samples = [...evidence.samples, ...group.samples].sort(compareSamples);
  const distinct = samples.filter((sample, index) => sample.event_uid !== samples[index - 1]?.event_uid);
  evidence.samples = distinct.length <= SAMPLES_KEPT ? distinct : [...new Set([...distinct.slice(0, 2), ...spread(distinct), distinct.at(-1)!])];
}

/** What is new about matches of a known finding: a network it never came from, a higher level. */
export function newsIn(row: FindingRow, rule: RuleSummary, group: Omit<SignalGroup<SampleEvent>, "rule">): string[] {
  const known = new Set(Object.keys(row.evidence.tallies.addresses).map(networkOf));
  const networks = new Set(Object.keys(group.tallies.addresses).map(networkOf).filter((network) => !known.has(network)));
  const news = [...networks].slice(0, 3).map((network) => `new network ${network}`);
  if (networks.size > 3) news.push(`${networks.size - 3} more new networks`);
  if (LEVELS.indexOf(rule.level) > LEVELS.indexOf(row.level)) news.push(`higher level ${rule.level}`);
  return news;
}

/** The network that an address stands in, as far as people tell networks apart: /24 or /48; a service's name stands for itself. */
function networkOf(address: string): string {
  const four = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address);
  if (four) return `${four[1]!}.0/24`;
  if (!address.includes(":")) return address;
  const groups = address.split("::")[0]!.split(":").slice(0, 3);
  return `${groups.join(":")}::/48`;
}
