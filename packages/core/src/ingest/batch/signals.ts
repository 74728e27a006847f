import { quoteName } from "../../detect/index.ts";
import type { Engine } from "../../lake/index.ts";
import { emptyTally, SAMPLES_KEPT, TALLIED, type SampleEvent, type SignalGroup, type Tallied, type Tally } from "../../findings/index.ts";
import { isoSql } from "./time.ts";

/** The column behind each tally. */
const COLUMN: Record<Tallied, string> = {
  accounts: "account", regions: "region", addresses: "address", access_keys: "access_key", user_agents: "user_agent",
  operations: "operation", resources: "resource", outcomes: "outcome",
};

/** A sample shows at most this much of the vendor's record. */
const RAW_SHOWN = 8192;
/** Groups of one batch that bring samples along; a batch with more is a flood, of which a few show enough. */
const SAMPLED_GROUPS = 2000;

/** What a signal is grouped by, from the rule's choice (table `rules`: rule, group_by) and the event's columns. */
const GROUP = {
  kind: "CASE r.group_by WHEN 'identity' THEN entity_kind ELSE CASE WHEN b.subject IS NULL THEN entity_kind ELSE r.group_by END END",
  key: "CASE WHEN r.group_by = 'identity' OR b.subject IS NULL THEN entity_key ELSE r.group_by || ':' || b.subject END",
  name: "CASE WHEN r.group_by = 'identity' OR b.subject IS NULL THEN entity_name ELSE b.subject END",
};

/** Matches joined with their events, which `matched` holds: one row a signal. */
export const SIGNALS = `(SELECT m.rule, ${GROUP.kind} AS kind, ${GROUP.key} AS key, ${GROUP.name} AS name, b.*
  FROM matches m JOIN rules r USING (rule)
  JOIN LATERAL (SELECT matched.*, CASE r.group_by WHEN 'address' THEN address WHEN 'account' THEN account WHEN 'resource' THEN resource END AS subject FROM matched WHERE matched.rn = m.rn) b ON true)`;

/** Adds the batch's matches up by rule, entity and hour. The pure functions of `findings` do the rest. */
export async function signalGroups(engine: Engine): Promise<SignalGroup<SampleEvent>[]> {
  const tallies = TALLIED.map((field) => `histogram(${quoteName(COLUMN[field])})::JSON AS ${field}`).join(", ");
  const result = await engine.rows(`SELECT to_json(g) FROM (
    SELECT rule, kind, key, any_value(name) AS name, ${isoSql("date_trunc('hour', \"time\")")} AS hour, count(*) AS count,
      ${isoSql('min("time")')} AS first, ${isoSql('max("time")')} AS last, arg_min(rn, {'time': "time", 'uid': event_uid}, ${SAMPLES_KEPT}) AS rows, ${tallies}
    FROM signals GROUP BY rule, kind, key, date_trunc('hour', "time") ORDER BY rule, key, hour) g`);
  const raw = result.map(([text]) => JSON.parse(String(text)) as Record<string, unknown> & { rows: number[] });
  const samples = await sampleEvents(engine, raw.slice(0, SAMPLED_GROUPS).flatMap((group) => group.rows));
  return raw.map((group) => ({
    rule: Number(group["rule"]),
    entity: { kind: group["kind"] as SignalGroup["entity"]["kind"], key: String(group["key"]), name: String(group["name"]) },
    hour: String(group["hour"]),
    count: Number(group["count"]),
    first: String(group["first"]),
    last: String(group["last"]),
    tallies: Object.fromEntries(TALLIED.map((field) => [field, Object.assign(emptyTally(), group[field] as Tally | null)])) as Record<Tallied, Tally>,
    samples: group.rows.flatMap((row) => samples.get(row) ?? []),
  }));
}

async function sampleEvents(engine: Engine, rows: readonly number[]): Promise<Map<number, SampleEvent>> {
  if (rows.length === 0) return new Map();
  const result = await engine.rowsOnce(`SELECT rn, to_json({
      event_uid: event_uid, "time": ${isoSql('"time"')}, file: location, line: record_no, operation: operation, service: service,
      actor: coalesce(actor_name, entity_name), address: address, user_agent: user_agent, account: account, region: region, outcome: outcome,
      resource: resource, raw: raw[:${RAW_SHOWN}] })
    FROM matched WHERE rn IN (${[...new Set(rows)].join(", ")})`);
  return new Map(result.map(([row, text]) => [Number(row), JSON.parse(String(text)) as SampleEvent]));
}
