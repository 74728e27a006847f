import { inArray, or, sql, type SQL } from "drizzle-orm";
import { hiddenWith, hmacPads, maySeePeople, PSEUDONYM, PSEUDONYM_HEX, pseudonymOf } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import type { Entity, SampleEvent } from "./schemas.ts";
import type { EventRow, FindingRow } from "./store.ts";
import { findings, type Evidence } from "./tables.ts";

type Asker = Pick<DbCtx, "actor" | "allows" | "pseudonyms">;
type Line = Omit<FindingRow, "evidence"> & { evidence?: Evidence };

/** Kinds of entity that are nobody; as in the lake. */
const MACHINES: readonly Entity["kind"][] = ["role", "service", "account", "many"];
const WITHHELD = "The record is withheld: to see it, a role needs personal.read.";
const NETWORK = "new network";

/** Any finding of a team, for the policies. */
const anyOf = (team: string | null): { type: string; id: string; team?: string } => ({ type: "Finding", id: "*", ...(team !== null && { team }) });

/** A finding as whoever asks may see it: with pseudonyms in place of people, where they may not see those. */
export function asSeen<T extends Line>(asker: Asker, row: T): T {
  const key = hiddenWith(asker, anyOf(row.team));
  if (key === null) return row;
  const entityName = isMachine(row.entityKind) ? row.entityName : pseudonymOf(row.entityName, key);
  return {
    ...row,
    entityName,
    entityKey: isMachine(row.entityKind) ? row.entityKey : pseudonymOf(row.entityKey, key),
    // The sentence names whoever did it, and from where.
    title: `${row.rule.title}: ${entityName}${row.count === 1 ? "" : `, ${row.count.toLocaleString("en-US")} times`}`,
    news: [...new Set(row.news.map(withoutNetwork))],
    ...(row.evidence && { evidence: evidenceAsSeen(row.evidence, key) }),
  };
}

/** A line of the timeline of a finding of this team, likewise. What people wrote themselves stays. */
export function eventAsSeen(asker: Asker, team: string | null, event: EventRow): EventRow {
  const { news } = event.detail as { news?: unknown };
  if (event.kind !== "news" || hiddenWith(asker, anyOf(team)) === null) return event;
  const told = Array.isArray(news) ? [...new Set(news.map((each) => withoutNetwork(String(each))))] : [];
  return { ...event, text: told.join(", "), detail: { news: told } };
}

/** The key of an entity by itself, as in a filter that somebody keeps or in what hides findings. */
export function entityAsSeen(asker: Asker, entityKey: string): string {
  const key = hiddenWith(asker, anyOf(null));
  return key === null || MACHINES.some((kind) => entityKey === kind || entityKey.startsWith(`${kind}:`)) ? entityKey : pseudonymOf(entityKey, key);
}

/** The columns that a filter may ask about, as whoever asks sees them: neither the entity nor a word of the title can be guessed. */
export function askedAsSeen(asker: Asker): { entityKey: SQL; title: SQL } {
  if (maySeePeople(asker, anyOf(null))) return { entityKey: sql`${findings.entityKey}`, title: sql`${findings.title}` };
  const { inner, outer } = hmacPads(Buffer.from(hiddenWith(asker, anyOf(null))!, "hex"));
  const own = (asker.actor.kind === "user" ? (asker.actor.teams ?? []) : []).filter((team) => maySeePeople(asker, anyOf(team)));
  const clear = own.length === 0 ? sql`false` : sql`coalesce(${inArray(findings.team, own)}, false)`;
  const hmac = sql`encode(sha256(${outer}::bytea || sha256(${inner}::bytea || convert_to(${findings.entityKey}, 'UTF8'))), 'hex')`;
  return {
    entityKey: sql`CASE WHEN ${or(clear, inArray(findings.entityKind, [...MACHINES]))} THEN ${findings.entityKey} ELSE ${PSEUDONYM} || left(${hmac}, ${sql.raw(String(PSEUDONYM_HEX))}) END`,
    title: sql`CASE WHEN ${clear} THEN ${findings.title} ELSE ${findings.rule}->>'title' END`,
  };
}

function evidenceAsSeen({ tallies, hours, samples }: Evidence, key: string): Evidence {
  const hide = (tally: Evidence["tallies"]["addresses"]) => Object.fromEntries(Object.entries(tally).map(([value, count]) => [pseudonymOf(value, key), count]));
  return {
    tallies: { ...tallies, addresses: hide(tallies.addresses), access_keys: hide(tallies.access_keys), user_agents: hide(tallies.user_agents), resources: hide(tallies.resources) },
    hours,
    samples: samples.map((sample) => sampleAsSeen(sample, key)),
  };
}

function sampleAsSeen(sample: SampleEvent, key: string): SampleEvent {
  const hide = (text: string | null): string | null => (text === null ? null : pseudonymOf(text, key));
  return { ...sample, file: pseudonymOf(sample.file, key), actor: hide(sample.actor), address: hide(sample.address), user_agent: hide(sample.user_agent), resource: hide(sample.resource), raw: WITHHELD };
}

function withoutNetwork(news: string): string {
  return news.startsWith(`${NETWORK} `) ? NETWORK : news;
}

function isMachine(kind: Entity["kind"]): boolean {
  return MACHINES.includes(kind);
}
