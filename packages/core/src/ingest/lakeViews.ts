import type { AccountOwner } from "../catalog/index.ts";
import type { View } from "../search/index.ts";
import { mayTellOfPeople, sources, type SourceDefinition } from "../sources/index.ts";

type Columns = View["columns"];

/** The columns that `storedColumns` (batch/table.ts) puts around a source's own. */
const PLACE: Columns = [["file", "VARCHAR"], ["line", "INTEGER"], ["raw_data", "VARCHAR"], ["event_json", "VARCHAR"]];

const SIGNALS: Columns = [
  ["rule_id", "VARCHAR"], ["event_uid", "VARCHAR"], ["time", "TIMESTAMP"], ["source", "VARCHAR"], ["entity_kind", "VARCHAR"], ["entity_key", "VARCHAR"],
  ["entity_name", "VARCHAR"], ["account", "VARCHAR"], ["region", "VARCHAR"], ["address", "VARCHAR"], ["operation", "VARCHAR"], ["file", "VARCHAR"], ["line", "INTEGER"],
];

const DEAD: Columns = [["file", "VARCHAR"], ["line", "INTEGER"], ["reason", "VARCHAR"], ["raw_data", "BLOB"], ["source", "VARCHAR"], ["read_at", "TIMESTAMP"]];

/** A record in the writing of its vendor, or what an engine says of one. */
const WHOLE = new Set(["raw_data", "event_json", "reason"]);
const ENTITY = new Set(["entity_key", "entity_name"]);

const columnsOf = (source: SourceDefinition): Columns => [["source", "VARCHAR"], ...source.columns.flatMap(({ name, type, stored }) => (stored === false ? [] : [[name, type] as const])), ...PLACE];

/** What all sources store under the same name and type. */
function commonColumns(): Columns {
  const [first, ...others] = sources.map(columnsOf);
  return first!.filter(([name, type]) => others.every((columns) => columns.some((column) => column[0] === name && column[1] === type)));
}

/** What is hidden where people are: all that a vendor wrote as it came, entities unless they are machines, and a pseudonym for every other value that may tell of somebody. */
function hiddenIn(columns: Columns): NonNullable<View["hidden"]> {
  const personal = columns.filter(([name, type]) => mayTellOfPeople(name, type));
  return Object.fromEntries(personal.map(([name]) => [name, WHOLE.has(name) ? "withheld" : ENTITY.has(name) ? "entity" : "pseudonym"]));
}

/** A column that the catalog tells of an account; NULL where it does not. */
function byAccount(owners: readonly AccountOwner[], name: "team" | "environment"): string {
  const known = owners.flatMap(({ account, [name]: value }) => (value === null ? [] : [`WHEN ${quote(account)} THEN ${quote(value)}`]));
  return `${known.length === 0 ? "NULL::VARCHAR" : `CASE account ${known.join(" ")} END`} AS ${name}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Whose rows are asked for: of accounts of this team (`none`: of nobody) and this environment (`unknown`: of none that is known). */
export interface Whose {
  team?: string | undefined;
  environment?: string | undefined;
}

/** SQL that is true of rows whose account is theirs; undefined where all are asked for. @param account SQL of the account */
function isTheirs(account: string, owners: readonly AccountOwner[], { team, environment }: Whose): string | undefined {
  const isIn = (name: "team" | "environment", wanted: string | undefined, nobody: string): string[] => {
    if (wanted === undefined) return [];
    const list = owners.filter(({ [name]: value }) => (wanted === nobody ? value !== null : value === wanted)).map((owner) => quote(owner.account)).join(", ");
    const isListed = list === "" ? "false" : `coalesce(${account} IN (${list}), false)`;
    return [wanted === nobody ? `NOT ${isListed}` : isListed];
  };
  const all = [...isIn("team", team, "none"), ...isIn("environment", environment, "unknown")];
  return all.length === 0 ? undefined : all.join(" AND ");
}

/**
 * What a lake offers to SQL: `events` with the columns common to all sources, a view for each source under its id with `_`
 * for `.`, which adds the source's own columns and the event as OCSF, `signals`, and `dead_letters`.
 * @param owners whose each account is: `events` has `team` and `environment`, as they are now and not as they were
 * @param whose rows the views have alone; dead letters are of no account, and of nobody
 */
export function lakeViews(owners: readonly AccountOwner[] = [], whose: Whose = {}): View[] {
  const views: View[] = [
    { name: "events", about: "All events of all sources, with the columns they share, and by their account team and environment of the catalog.", kind: "events", source: null, columns: commonColumns(), select: `*, ${byAccount(owners, "team")}, ${byAccount(owners, "environment")}` },
    ...sources.map((source): View => ({ name: source.id.replaceAll(".", "_"), about: `Events of ${source.title}, with columns of their own and each event as OCSF 1.8.0 in ocsf.`, kind: "events", source: source.id, columns: columnsOf(source), select: `*, ${source.ocsf} AS ocsf` })),
    { name: "signals", about: "One row for each match of a rule.", kind: "signals", source: null, columns: SIGNALS },
    { name: "dead_letters", about: "Records that could not be parsed, with the reason.", kind: "dead", source: null, columns: DEAD },
  ];
  return views.map((view) => {
    const where = isTheirs(view.kind === "dead" ? "NULL" : "account", owners, whose);
    return { ...view, hidden: hiddenIn(view.columns), ...(where !== undefined && { where }) };
  });
}
