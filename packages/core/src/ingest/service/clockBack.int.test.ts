import { expect, it, onTestFinished } from "vitest";
import { forgetReceipts } from "../receipt/forgetReceipts.ts";
import { checkParts } from "../../lake/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const place = running(database);
const DAY_MS = 86_400_000;

it("a clock that is set back loses nothing, doubles nothing and retires nothing", async () => {
  const right = database.at;
  const ingest = await place.start({}, database.db, () => database.at);
  onTestFinished(() => void (database.at = right));
  const totals = async (): Promise<unknown> => (await database.pool.query("SELECT sum((counts->>'stored')::int)::int AS stored, sum((counts->>'duplicate')::int)::int AS duplicate, count(*)::int AS batches FROM lake_batches WHERE (counts->>'read')::int > 0")).rows[0];
  const body = (n: number): string => `{"time":"2026-11-21T11:00:00Z","user":"ines","n":${n}}\n`;
  const each = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      await send(ingest, body(n), { source: "generic.json", key: `key ${n}` });
      await settled(ingest);
    }
  };
  await each(0, 5);
  database.at = new Date(right.getTime() - 2 * DAY_MS);
  await each(5, 10);
  // What came under a key is known, whichever side of the step it came on.
  for (const n of [0, 7]) expect(await send(ingest, body(n), { source: "generic.json", key: `key ${n}` })).toMatchObject({ repeated: true });
  await forgetReceipts({ ...database.ctx() });
  expect(await send(ingest, body(0), { source: "generic.json", key: "key 0" })).toMatchObject({ repeated: true });
  expect(await totals()).toEqual({ stored: 10, duplicate: 0, batches: 10 });
  expect(await ingest.upkeep.compact(database.ctx())).toMatchObject({ merges: 1, failed: [] });
  expect(await ingest.upkeep.retain(database.ctx(), { days: 1, sources: {} })).toBe(0);
  expect(await ingest.upkeep.removeReplaced(database.ctx())).toBe(0);
  database.at = right;
  expect(await ingest.upkeep.retain(database.ctx(), { days: 1, sources: {} })).toBe(0);
  expect(await totals()).toEqual({ stored: 10, duplicate: 0, batches: 10 });
  expect((await checkParts(database.ctx(), ingest.lake, () => undefined)).problems).toEqual([]);
  const { rows } = await database.pool.query("SELECT min(lag_ms)::int >= 0 AS since FROM intake_hours");
  expect(rows).toEqual([{ since: true }]);
  expect(place.troubles).toEqual([]);
});
