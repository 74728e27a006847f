import { once } from "node:events";
import { Environment, problemOf, QueryLine, type QueryRequest } from "@corduroy/contract";
import { Invalid, Unavailable } from "@corduroy/core/kernel";
import type { PrintedFormat } from "@corduroy/core/search";
import type * as z from "zod";
import { connect, refusal } from "./connect.ts";
import { linesOf } from "./ndjson.ts";
import { answerWriter, type AnswerWriter } from "./rows.ts";

/** The most rows that the service gives in one answer. */
const MOST_ROWS = 100_000;

/**
 * `corduroy query` without a lake: one SELECT for the service, its rows to standard output as they come. The service ends the query when this process goes away.
 * @throws CorduroyError in the words of the service
 */
export async function queryService(sql: string, options: { server?: string; team: string | undefined; environment: string | undefined; format: PrintedFormat; limit?: number; timeout: number }): Promise<void> {
  const { stdout } = process;
  const service = await connect(options);
  const { data: environment, error } = Environment.optional().safeParse(options.environment);
  if (error !== undefined) throw new Invalid(`There is no environment ${options.environment}.`, { hint: `They are ${Environment.options.join(", ")}.` });
  const body: z.input<typeof QueryRequest> = { sql, team: options.team, environment, maxRows: options.limit ?? MOST_ROWS, seconds: options.timeout };
  const answer = await service.send("/v1/query", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok || answer.body === null) throw refusal(service.origin, await problemOf(answer));
  let writer: AnswerWriter | null = null;
  for await (const line of linesOf(answer.body)) {
    if (line.startsWith('{"row":')) {
      await print(writer?.row(line) ?? "");
      continue;
    }
    const news = parsed(line);
    if ("columns" in news) writer = answerWriter(options.format, news.columns, { width: stdout.columns ?? 80, forTerminal: stdout.isTTY });
    else if ("error" in news) throw new Invalid(news.error.message, { hint: news.error.hint });
    else if ("end" in news) {
      await print(writer?.end(news.end.more) ?? "");
      if (news.end.more && options.format !== "table") process.stderr.write(`There are more rows than the ${body.maxRows} ${options.limit === undefined ? "that the service gives at once" : "of --limit"}.\n`);
      return;
    }
  }
  throw new Unavailable("The answer broke off before its end.", { hint: "Ask again; the service's log says why if it was the service." });
}

/** Waits for a reader that is slower than the service, so that rows do not pile up here. */
async function print(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
}

function parsed(line: string): QueryLine {
  try {
    return QueryLine.parse(JSON.parse(line));
  } catch (cause) {
    throw new Unavailable("The service sends what is no answer.", { hint: "Compare the versions: corduroy --version", cause });
  }
}
