import { DuckDBInstance, type DuckDBConnection, type DuckDBTimestampValue } from "@duckdb/node-api";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { checkStatement } from "./statement.ts";
import { EVER, filesWithin, spanOf, type Span } from "./time-span.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run("CREATE TABLE events AS SELECT TIMESTAMP '2026-09-01' + to_minutes(i::INTEGER * 97) AS time, i AS n, {'time': TIMESTAMP '2000-01-01'} AS e FROM range(1500) r(i)");
});

const HOUR = 3_600_000;
const read = async (sql: string): Promise<Span> => spanOf(connection, (await checkStatement(connection, sql, new Set(["events"]))).get("events")!);
const at = (text: string): number => Date.parse(`${text}Z`);
const where = (condition: string): Promise<Span> => read(`select n from events where ${condition}`);

describe("the time that a statement asks for", () => {
  it.each([
    ["time >= '2026-10-01'", "2026-10-01T00:00:00", null],
    ["time < timestamp '2026-10-01 12:00:00'", null, "2026-10-01T12:00:00"],
    ["date '2026-10-01' <= time and n > 3 and (time < '2026-10-05' and n < 9)", "2026-10-01T00:00:00", "2026-10-05T00:00:00"],
    ["time = timestamptz '2026-10-01 02:00:00+02'", "2026-10-01T00:00:00", "2026-10-01T00:00:00"],
    ["time between '2026-10-01' and timestamp '2026-10-01' + interval 36 hours", "2026-10-01T00:00:00", "2026-10-02T12:00:00"],
    ["TIME > date_trunc('month', date '2026-10-17') - interval 1 day", "2026-09-30T00:00:00", null],
  ])("%s is from %s to %s", async (condition, from, to) => {
    expect(await where(condition)).toEqual({ from: from === null ? -Infinity : at(from) - HOUR, to: to === null ? Infinity : at(to) + HOUR });
  });

  it.each([
    "select n from events", "select n from events where n > 3", "select n from events where time > '2026-10-01' or n = 3", "select n from events where not (time > '2026-10-01' and n = 3)", "select n from events where time <> '2026-10-01'",
    "select n from events where time > null", "select n from events where time > 'soon'", "select n from events where time::varchar > '2026-10-01'", "select n from events where time > '2026-10-01'::varchar",
    "select n from events where e.time > '2026-10-01'", "select a from events as e(time, a, b) where b > '2026-10-01'", "select a from events as x(a, time, b) where time > 3", "select n from events where time > (select max(time) from events)",
    "select n from events a, events b where time > '2026-10-01'", "select n from events where time > '2026-10-01' union all select n from events", "with recent as (from events) select n from recent where time > '2026-10-01'",
    "select n from events where time is distinct from '2026-10-01'",
    "select n from events where time > now() filter (where exists (from events))", "select n from events where time > date_trunc(distinct 'day', now())", "select n from events where time > date_trunc('day', now() order by 1)",
  ])("%s may mean any", async (sql) => {
    expect(await read(sql).catch(() => EVER)).toEqual(EVER);
  });

  it("goes back from now, and takes several readings together", async () => {
    const { from, to } = await where("time > now() - interval 7 days");
    expect([Math.abs(from + HOUR + 7 * 24 * HOUR - Date.now()) < HOUR / 2, to]).toEqual([true, Infinity]);
    expect((await where("time <= current_timestamp")).to).toBeGreaterThan(Date.now());
    expect(await read("with a as (select n from events where time < '2026-10-01') select n from events where time < '2026-10-05' and n in (from a)")).toEqual({ from: -Infinity, to: at("2026-10-05T00:00:00") + HOUR });
  });

  it("leaves out no row that the condition takes", async () => {
    const day = fc.integer({ min: 0, max: 120 }).map((days) => new Date(Date.UTC(2026, 7, 20) + days * 24 * HOUR).toISOString().slice(0, 10));
    const moment = fc.oneof(day.map((text) => `'${text}'`), day.map((text) => `date '${text}'`), fc.tuple(day, fc.integer({ min: -50, max: 50 })).map(([text, hours]) => `(timestamp '${text}' - to_hours(${hours}))`), day.map((text) => `timestamptz '${text} 00:00:00+05'`), fc.constantFrom("null", "timestamp 'infinity'", "now()"));
    const comparison = fc.oneof(
      fc.tuple(fc.constantFrom("<", "<=", "=", ">", ">=", "<>"), moment, fc.boolean()).map(([how, what, mirrored]) => (mirrored ? `${what} ${how} time` : `time ${how} ${what}`)),
      fc.tuple(moment, moment).map(([low, high]) => `time between ${low} and ${high}`),
      fc.constantFrom("n > 700", "time is not null", "e.time < '2020-01-01'"),
    );
    const { condition } = fc.letrec<{ condition: string }>((tie) => ({ condition: fc.oneof({ depthSize: "small" }, comparison, fc.tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition")).map(([a, how, b]) => `(${a} ${how} ${b})`), tie("condition").map((a) => `not (${a})`)) }));
    await fc.assert(
      fc.asyncProperty(condition, async (text) => {
        const sql = `select time from events where ${text}`;
        const { from, to } = await read(sql);
        const rows = (await connection.runAndReadAll(sql)).getRows().map(([time]) => Number((time as DuckDBTimestampValue).micros / 1000n));
        expect(rows.filter((time) => time < from || time > to)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

it("opens files of that time, and those whose time is not known", () => {
  const file = (path: string, first: string | null, last: string | null) => ({ path, first, last });
  const files = [file("before", "2026-10-01T00:00:00.000Z", "2026-10-01T23:59:59.999Z"), file("within", "2026-10-02T00:00:00.000Z", "2026-10-02T23:59:59.999Z"), file("over", "2026-09-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"), file("unknown", null, null), file("after", "2026-10-04T00:00:00.000Z", "2026-10-04T00:00:00.000Z")];
  expect(filesWithin(files, { from: at("2026-10-02T10:00:00"), to: at("2026-10-03T10:00:00") }).map(({ path }) => path)).toEqual(["within", "over", "unknown"]);
  expect(filesWithin(files, EVER)).toHaveLength(5);
});
