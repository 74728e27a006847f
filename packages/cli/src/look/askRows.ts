import { Writable } from "node:stream";
import { problemOf, QueryLine } from "@corduroy/contract";
import { Invalid, Unavailable } from "@corduroy/core/kernel";
import { lakeViews } from "@corduroy/core/ingest";
import { readLake } from "@corduroy/core/lake";
import { EVERYTHING, query } from "@corduroy/core/search";
import { queryEntry } from "../paths.ts";
import { connect, refusal } from "../service/connect.ts";
import { linesOf } from "../service/ndjson.ts";

/** Which lake is asked: one in a folder, or that of a service. */
export interface WhichLake {
  lake?: string;
  server?: string;
}

/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;

/** Gives the rows of one SELECT to `take`, one after the other. @throws CorduroyError */
export type Ask = (sql: string, take: (row: Row) => void) => Promise<void>;

const SECONDS = 300;
/** The most rows that the service gives in one answer. */
const MOST_ROWS = 100_000;

/** A way to ask the lake that is meant. @throws CorduroyError */
export async function asking({ lake, ...options }: WhichLake): Promise<Ask> {
  if (lake === undefined) {
    const service = await connect(options);
    return async (sql, take) => {
      const answer = await service.send("/v1/query", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql, maxRows: MOST_ROWS, seconds: SECONDS }) });
      if (!answer.ok || answer.body === null) throw refusal(service.origin, await problemOf(answer));
      await takeLines(answer.body, take);
    };
  }
  const snapshot = await readLake(lake);
  return async (sql, take) => {
    const output = new LinesOut((line) => take(JSON.parse(line) as Row));
    await query(snapshot, sql, { childEntry: queryEntry(), views: lakeViews(), sight: EVERYTHING, format: "ndjson", output, maxRows: MOST_ROWS, width: 80, forTerminal: false, mayStayRoot: true, limits: { seconds: SECONDS } });
  };
}

async function takeLines(body: AsyncIterable<Uint8Array>, take: (row: Row) => void): Promise<void> {
  let names: string[] = [];
  for await (const line of linesOf(body)) {
    const news = QueryLine.parse(JSON.parse(line));
    if ("columns" in news) names = news.columns.map(({ name }) => name);
    else if ("row" in news) take(Object.fromEntries(names.map((name, index) => [name, news.row[index]])));
    else if ("error" in news) throw new Invalid(news.error.message, { hint: news.error.hint });
    else return;
  }
  throw new Unavailable("The answer broke off before its end.", { hint: "Ask again; the service's log says why if it was the service." });
}

/** Takes text apart into lines. */
class LinesOut extends Writable {
  private rest = "";

  constructor(private readonly onLine: (line: string) => void) {
    super({ decodeStrings: false, defaultEncoding: "utf8" });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const lines = (this.rest + chunk.toString()).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
    done();
  }
}
