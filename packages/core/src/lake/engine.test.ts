import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { Engine } from "./engine.ts";

const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

async function engine(): Promise<Engine> {
  const opened = await Engine.open(tmpdir());
  engines.push(opened);
  return opened;
}

test("a kept plan gives the right answer after the rows have changed", async () => {
  const kept = await engine();
  await kept.once("CREATE TABLE t (a INTEGER, b VARCHAR)");
  await kept.once("INSERT INTO t SELECT i % 5, 'x' FROM range(100) r(i)");
  const questions = [
    "SELECT count(*) FROM t",
    "SELECT DISTINCT a FROM t ORDER BY a",
    "SELECT min(a), max(a), sum(a) FROM t",
    "SELECT a, count(*) FROM t GROUP BY a ORDER BY a NULLS LAST",
    "SELECT count(*) FROM t WHERE a IS NOT NULL",
    "SELECT count(*) FROM t WHERE b IS NULL",
    "SELECT a FROM t ORDER BY a DESC NULLS LAST LIMIT 3",
    "SELECT count(*) FROM t t1 JOIN (SELECT DISTINCT a FROM t) t2 USING (a)",
    "SELECT count(*) FROM t WHERE b IN ('x', 'y') AND a BETWEEN 3 AND 40000",
  ];
  for (const question of questions) await kept.rows(question);
  await kept.run("DELETE FROM t");
  await kept.once("CHECKPOINT");
  await kept.once("INSERT INTO t SELECT -1000 * i, CASE WHEN i % 2 = 0 THEN NULL ELSE 'y' END FROM range(-30, 30) r(i)");
  await kept.once("INSERT INTO t VALUES (NULL, NULL)");
  for (const question of questions) expect(await kept.rows(question), question).toEqual(await kept.rowsOnce(`${question} -- planned anew`));
});

test("times are UTC, whatever the machine's zone", async () => {
  const utc = await engine();
  expect(await utc.rowsOnce("SELECT (TIMESTAMPTZ '2026-11-18 12:00:00+02' AT TIME ZONE 'UTC')::VARCHAR")).toEqual([["2026-11-18 10:00:00"]]);
});
