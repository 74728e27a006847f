import { api, type FindingSummary } from "@corduroy/contract";
import { post } from "../app/connection.ts";
import { lineSplitter } from "./ndjson.ts";

/** Whose rows alone a query is about, by the catalog. */
export interface Whose {
  team?: string | undefined;
  environment?: FindingSummary["environment"] | undefined;
}

/** What a query may take, and whose rows it is about. */
export interface Limits extends Whose {
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
