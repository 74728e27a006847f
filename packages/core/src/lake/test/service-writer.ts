/**
 * A service's lake to be killed: `node service-writer.mjs ADDRESS LAKE FIRST COUNT`. Commits COUNT batches numbered from FIRST while it compacts, retires what is
 * old and removes files that were replaced, and says on stdout which batches are done, once they are. With `DIE_AT_QUERY` it dies before that statement.
 */
import { writeSync } from "node:fs";
import pg from "pg";
import { openDatabase, type Address, type DbCtx } from "../../store/index.ts";
import { compact } from "../compact.ts";
import { applyRetention } from "../retention.ts";
import { openServiceLake } from "../service-lake.ts";
import { commitText, mergeText } from "./text-parts.ts";

const [address = "", folder = "", first = "", count = ""] = process.argv.slice(2);
let left = Number(process.env["DIE_AT_QUERY"] ?? Infinity);
const ask = pg.Client.prototype.query as (...given: unknown[]) => unknown;
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...given: unknown[]) {
    if (--left === 0) process.kill(process.pid, "SIGKILL");
    return ask.apply(this, given);
  },
});

const { db, pool, close } = openDatabase(JSON.parse(address) as Address);
// By this name its connections are known, which outlive it for a moment: what it had asked for is still done.
Object.assign(pool.options, { application_name: "service-writer" });
const ctx: DbCtx = { actor: { kind: "system", name: "test" }, db, now: () => new Date("2026-11-21T12:00:00Z"), address: null, allows: () => true };
const lake = await openServiceLake(ctx, folder);

async function write(): Promise<void> {
  for (let number = Number(first); number < Number(first) + Number(count); number++) {
    const id = `batch-${number}`;
    const rows = [`${id}/0`, `${id}/1`];
    await commitText(ctx, lake, [{ rows }, { rows: [`${id}/2`], source: "generic.json" }, { rows: [`old ${id}`], day: "2026-11-01" }], id);
    writeSync(1, `${id}\n`);
  }
}

async function keepUp(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await compact(ctx, lake, { merge: mergeText, onReplaced: () => undefined });
    await applyRetention(ctx, { days: 10, sources: {} });
    await lake.manifest.removeReplaced(new Date("2026-11-22T12:00:00Z"));
  }
}

// Nobody reads, so that files may go at once; but not while they are being merged.
await Promise.all([write(), keepUp()]);
await keepUp();
await close();
