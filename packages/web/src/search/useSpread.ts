import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { countOf } from "../parts/measures.ts";
import { timesOf, type TimeCount } from "./charts.ts";
import { countOverTime } from "./spread.ts";
import type { Run } from "./useRun.ts";

/** How rows lie in time. */
export interface Spread {
  times: readonly TimeCount[];
  /** Which rows these are, in words. */
  about: string;
}

/**
 * How the rows of an answer lie in time; null while it runs, and without a time. Where the row limit has cut the answer, the service is asked a second question, for the counts of all
 * rows; until it has answered, or when it cannot, the rows that were returned are shown, and said to be no more than that.
 */
export function useSpread({ answer, sql, limits, running, cancelled }: Run): Spread | null {
  const { columns, rows, end, count } = answer;
  const column = columns.findIndex(({ type }) => type === "time");
  const isCut = !running && end?.more === true;
  const all = useQuery({ queryKey: ["spread", sql, limits, end], queryFn: ({ signal }) => countOverTime(sql ?? "", column, limits, signal), enabled: isCut && column !== -1, retry: false, staleTime: Infinity, gcTime: 0 });
  const returned = useMemo(() => (running ? null : timesOf(columns, rows)), [running, columns, rows]);
  if (returned === null) return null;
  const some = `the ${countOf(count, "row")} that came`;
  if (!isCut) return { times: returned, about: end === null || cancelled ? `Only ${some}` : whole(count) };
  if (all.data !== undefined) return { times: all.data, about: whole(all.data.reduce((sum, [, n]) => sum + n, 0)) };
  return { times: returned, about: all.isPending ? `Only ${some}; counting all…` : `Only ${some}: all of them could not be counted` };
}

function whole(n: number): string {
  return `All ${countOf(n, "row")} of the query`;
}
