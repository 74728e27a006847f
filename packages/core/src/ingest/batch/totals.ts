import type { Engine } from "../../lake/index.ts";
import type { BatchTotals } from "../messages.ts";

/** Values of one column that a batch reports; the rare ones of a batch do not come out on top of a run. */
const TOP = 100;

/** What the batch adds up to: events an hour, and the most frequent identities, addresses, services and operations. */
export async function batchTotals(engine: Engine): Promise<BatchTotals> {
  const rows = (sql: string): Promise<unknown[][]> => engine.rows(sql);
  const top = async (column: string): Promise<[string, number][]> =>
    (await rows(`SELECT ${column}, count(*) AS n FROM batch WHERE ${column} IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1 LIMIT ${TOP}`)).map(([name, count]) => [String(name), Number(count)]);
  const iso = (time: string): string => `strftime(${time}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  const [range] = await rows(`SELECT ${iso('min("time")')}, ${iso('max("time")')} FROM batch`);
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return {
    volume: (await rows(`SELECT ${iso("date_trunc('hour', \"time\")")}, count(*) FROM batch GROUP BY 1 ORDER BY 1`)).map(([hour, count]) => [String(hour), Number(count)]),
    identities: (await rows(`SELECT entity_kind, entity_name, count(*) AS n FROM batch GROUP BY ALL ORDER BY n DESC, 2 LIMIT ${TOP}`)).map(([kind, name, count]) => [String(kind), String(name), Number(count)]),
    addresses: await top("address"),
    services: await top("service"),
    operations: await top("operation"),
    first: text(range?.[0]),
    last: text(range?.[1]),
  };
}
