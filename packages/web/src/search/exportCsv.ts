import { api, ApiError } from "@corduroy/contract";
import { post } from "../app/connection.ts";
import type { Limits } from "./stream.ts";

/**
 * All rows of a query as CSV, whatever its limit of rows.
 * @throws ApiError when the service refuses, and when the file does not arrive whole: a part of it is nobody's answer
 */
export async function exportCsv(sql: string, { seconds, team, environment }: Limits): Promise<Blob> {
  const answer = await post(api.search.export.path, { sql, seconds, team, environment });
  return answer.blob().catch(() => {
    throw new ApiError({ type: "about:blank", title: "Broken off", status: 0, detail: "The export broke off before its last row, and nothing was saved.", hint: "It may have more than a million rows, or take too long. Ask for fewer days or columns, group, or add a LIMIT." });
  });
}
