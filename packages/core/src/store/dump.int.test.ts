import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Unavailable } from "../kernel/index.ts";
import { inTransaction, type Database } from "./database.ts";
import { dumpedRows, loadTables, tablesOf } from "./dump.ts";
import { appliedMigrations, migrateTo } from "./migrate.ts";
import { testDatabase } from "./test/index.ts";

const migrations = fileURLToPath(new URL("migrations", import.meta.url));
const from = testDatabase();
const into = testDatabase();

/** A table with everything that is easily lost on the way. */
const MAKE = `CREATE TABLE odd (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, many bigint, exact numeric, float double precision, at timestamptz, words text, tags text[], data jsonb, raw bytea, yes boolean, parent bigint REFERENCES odd (id)
)`;
const rows = (database: Database): Promise<unknown[]> => database.pool.query("SELECT odd::text FROM odd ORDER BY id").then((found) => found.rows as unknown[]);
async function* lines(text: readonly string[]): AsyncGenerator<string> {
  yield* text;
}

describe("a dump", () => {
  it("brings every value over as it was, triggers and references asleep, and goes on counting behind it", async () => {
    for (const { pool } of [from, into]) await pool.query(MAKE);
    await into.pool.query("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; CREATE TRIGGER guard BEFORE INSERT ON odd FOR EACH ROW EXECUTE FUNCTION refuse()");
    await from.pool.query(`INSERT INTO odd (many, exact, float, at, words, tags, data, raw, yes) VALUES
      (9007199254740993, 1.10, 0.1, '2026-11-18T09:00:00.123456Z', E'a"\\\\\\n\\u2028 \\u00fc\\U0001F4A5', '{"x,y",NULL,"{}"}', '{"n": 1.0, "big": 12345678901234567890, "deep": [null]}', '\\x00ff', true),
      (NULL, NULL, 'Infinity', NULL, '', '{}', '[]', '\\x', NULL)`);
    await from.pool.query("INSERT INTO odd (words) SELECT repeat('x', 3000) FROM generate_series(1, 1600)");
    await from.pool.query("UPDATE odd SET parent = 3 WHERE id = 1");
    const dumped = await inTransaction(from.ctx(), async ({ db }) => {
      expect(await tablesOf(db)).toContain("odd");
      const found: string[] = [];
      for await (const line of dumpedRows(db, "odd")) found.push(line);
      return found;
    }, { isolationLevel: "repeatable read" });
    const loaded = await loadTables(into, (async function* () {
      yield { table: "odd", lines: lines(dumped) };
    })());
    expect(loaded).toEqual(new Map([["odd", 1602]]));
    expect(await rows(into)).toEqual(await rows(from));
    await into.pool.query("DROP TRIGGER guard ON odd");
    expect((await into.pool.query("INSERT INTO odd (words) VALUES ('next') RETURNING id")).rows).toEqual([{ id: 1603 }]);
  });

  it("is loaded as a whole or not at all", async () => {
    await into.pool.query("DELETE FROM odd");
    await expect(loadTables(into, (async function* () {
      yield { table: "odd", lines: lines(['{"id":1}', '{"id":1}']) };
    })())).rejects.toThrow("duplicate key");
    expect(await rows(into)).toEqual([]);
  });
});

describe("the steps of another database", () => {
  it("are made up to where it stood, and refused where they are not ours", async () => {
    const steps = await appliedMigrations(from.db);
    expect(steps.length).toBeGreaterThan(0);
    await into.pool.query("DROP SCHEMA public CASCADE; DROP SCHEMA drizzle CASCADE; CREATE SCHEMA public");
    await expect(migrateTo(into, migrations, [...steps, { at: Date.now() * 2, hash: "x" }])).rejects.toThrow("newer version");
    await expect(migrateTo(into, migrations, steps.slice(1).concat(steps[0]!))).rejects.toThrow(Unavailable);
    await expect(migrateTo(into, migrations, [])).rejects.toThrow(Unavailable);
    await migrateTo(into, migrations, steps.slice(0, 1));
    expect(await appliedMigrations(into.db)).toEqual(steps.slice(0, 1));
  });
});
