import { isOwnershipGap } from "@corduroy/core/alerts";
import type { WholeFinding } from "@corduroy/core/findings";
import { isSourceTrouble } from "@corduroy/core/ingest";

/** Times of findings are cut to milliseconds, those of events are not. */
const MILLISECOND = 1;

/**
 * SQL that shows the events behind a finding; null where there are none, because it was raised about the catalog or about what brings events in. A finding about many is about every entity of its rule, in its time.
 * Everything in it that comes from logs is quoted.
 */
export function sqlBehind({ ruleId, entityKind, entityKey, firstSeen, lastSeen }: Pick<WholeFinding["finding"], "ruleId" | "entityKind" | "entityKey" | "firstSeen" | "lastSeen">): string | null {
  if (isOwnershipGap(ruleId) || isSourceTrouble(ruleId)) return null;
  const within = `between ${time(firstSeen)} and ${time(new Date(lastSeen.getTime() + MILLISECOND))}`;
  return [
    "select e.time, e.operation, e.outcome, e.address, e.account, e.region, e.resource, e.raw_data",
    "from events e",
    "where e.event_uid in (",
    `  select event_uid from signals where rule_id = ${quoted(ruleId)}${entityKind === "many" ? "" : ` and entity_key = ${quoted(entityKey)}`}`,
    `  and time ${within})`,
    `and e.time ${within}`,
    "order by e.time",
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function time(at: Date): string {
  return quoted(at.toISOString().replace("T", " ").replace("Z", ""));
}
