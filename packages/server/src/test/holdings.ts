import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { lakeViews } from "@corduroy/core/ingest";
import { serviceSnapshot } from "@corduroy/core/lake";
import { EVERYTHING, query } from "@corduroy/core/search";
import { storeOf } from "../backup/backedUpStore.ts";

/** What a data folder holds, in the words that every release has: how an upgrade is told to have kept everything. */
export interface Holdings {
  findings: unknown[];
  events: unknown[];
  trail: number;
}

/** Looks into the data folder of a service that does not run. */
export async function holdingsOf(folder: string, queryEntry: string): Promise<Holdings> {
  const store = await storeOf(folder, null);
  const { database } = store;
  try {
    const output = new PassThrough();
    await query(await serviceSnapshot(database.db, { folder: join(folder, "lake") }), "select source, operation, entity_name, count(*) as many from events group by all order by all", { childEntry: queryEntry, views: lakeViews(), sight: EVERYTHING, format: "ndjson", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: false });
    output.end();
    const events = (await text(output)).trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);
    const { rows: findings } = await database.pool.query("SELECT rule_id, entity_name, count, state FROM findings ORDER BY rule_id, entity_key");
    const { rows: trail } = await database.pool.query<{ count: number }>("SELECT count(*)::int AS count FROM audit_log WHERE action <> 'backup.run'");
    return { findings, events, trail: trail[0]!.count };
  } finally {
    await store.close();
  }
}
