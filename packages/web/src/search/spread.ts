import { NO_ANSWER, withLines, type Answer } from "./answer.ts";
import type { TimeCount } from "./charts.ts";
import { stream, type Limits } from "./stream.ts";

/** Days of 270 years; what goes on for longer is not drawn. */
const MOST_ROWS = 100_000;
/** So many seconds are counted one by one, so many minutes minute by minute, and so on: finer than what is drawn of them, and never many rows. */
const FINE = 5_000;

/**
 * A query that counts the rows of another over time, whatever the row limit leaves out of its answer: seconds since 1970, and how many. The other is a part of it as it stands;
 * where that gives no SQL, the service refuses it.
 * @param column the place of the time among its columns, from 0
 */
function spreadSql(sql: string, column: number): string {
  const names = Array.from({ length: column + 1 }, (_, i) => `c${i}`);
  return `with counts as (
  select floor(epoch(t)) as second, count(*) as n
  from (select try_cast(c${column} as timestamp) as t from (
${sql.replace(/[\s;]+$/, "")}
) as answer(${names.join(", ")}))
  where isfinite(t)
  group by 1
), step as (
  select case when span < ${FINE} then 1 when span < ${FINE} * 60 then 60 when span < ${FINE} * 3600 then 3600 else 86400 end as seconds
  from (select max(second) - min(second) as span from counts)
)
select floor(second / seconds) * seconds as start, sum(n)::bigint as n
from counts, step
group by 1
order by 1`;
}

/** Counts all rows of a query over time. @throws Error when that was not possible */
export async function countOverTime(sql: string, column: number, limits: Limits, signal: AbortSignal): Promise<TimeCount[]> {
  let answer: Answer = { ...NO_ANSWER, rows: [] };
  await stream(spreadSql(sql, column), { ...limits, maxRows: MOST_ROWS }, signal, (lines) => {
    answer = withLines(answer, lines);
  });
  if (answer.end === null || answer.end.more || answer.rows.length === 0) throw new Error("The rows could not be counted over time.");
  return answer.rows.map(([start, n]) => [Number(start) * 1000, Number(n)]);
}
