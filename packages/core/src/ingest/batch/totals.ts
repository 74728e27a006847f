import type { Engine } from "../../lake/index.ts";
import type { BatchTotals } from "../messages.ts";
import { isoSql } from "./time.ts";

/** Values of one column that a batch reports; the rare ones of a batch do not come out on top of a run. */
const TOP = 100;

/** What the batch adds up to: events an hour, and the most frequent identities, addresses, services and operations. */
export async function batchTotals(engine: Engine): Promise<BatchTotals> {
  const rows = (sql: string): Promise<unknown[][]> => engine.rows(sql);
  const top = async (column: string): Promise<[string, number][]> =>
    (await rows(`SELECT ${column}, count(*) AS n FROM batch WHERE ${column} IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1 LIMIT ${TOP}`)).map(([name, count]) => [String(name), Number(count)]);
  const [range] = await rows(`SELECT ${isoSql('min("time")')}, ${isoSql('max("time")')} FROM batch`);
  return {
    volume: (await rows(`SELECT ${isoSql("hour")}, count(*) FROM (SELECT date_trunc('hour', "time") AS hour FROM batch) GROUP BY hour ORDER BY hour`)).map(([hour, count]) => [String(hour), Number(count)]),
    identities: (await rows(`SELECT entity_kind, entity_name, count(*) AS n FROM batch GROUP BY ALL ORDER BY n DESC, 2 LIMIT ${TOP}`)).map(([kind, name, count]) => [String(kind), String(name), Number(count)]),
    addresses: await top("address"),
    services: await top("service"),
    operations: await top("operation"),
    first: textOrNull(range?.[0]),
    last: textOrNull(range?.[1]),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
