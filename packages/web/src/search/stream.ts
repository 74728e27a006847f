import { api } from "@corduroy/contract";
import { post } from "../app/connection.ts";
import { lineSplitter } from "./ndjson.ts";

/** What a query may take. */
export interface Limits {
  maxRows: number;
  seconds: number;
}

/** Asks the service and hands on the lines of the answer as they come. @throws ApiError when the service refuses */
export async function stream(sql: string, limits: Limits, signal: AbortSignal, onLines: (lines: string[]) => void): Promise<void> {
  const response = await post(api.search.query.path, { sql, ...limits }, signal);
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const splitter = lineSplitter();
  for (let next = await reader.read(); !next.done; next = await reader.read()) onLines(splitter.push(next.value));
  onLines(splitter.end());
}
