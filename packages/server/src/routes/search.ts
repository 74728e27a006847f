import type { OutgoingHttpHeaders } from "node:http";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { lakeViews, TooMuch, type Ingest } from "@corduroy/core/ingest";
import { authorize } from "@corduroy/core/identity";
import { CorduroyError, Forbidden } from "@corduroy/core/kernel";
import { askLake, type Question } from "@corduroy/core/search";
import type { Call, Handlers } from "../http/handler.ts";

/** Questions that run at once; each takes up to a gigabyte. */
const MOST = 2;
/** Questions that wait for their turn. */
const WAITING = 8;
/** What is asked, for the policies. */
const LAKE = { type: "Lake", id: "events" };

/** Questions to the lake, each in a process of its own. @param beatMs how often it is asked whether somebody may still have the answer */
export function searchRoutes(ingest: () => Ingest, queryEntry: string, beatMs: number): Handlers["search"] {
  const turn = turns();
  const views = lakeViews();
  const ask = async ({ ctx, reply, request, stillMay }: Pick<Call<never>, "ctx" | "reply" | "request" | "stillMay">, question: Question, format: "lines" | "csv", headers: Record<string, string>): Promise<undefined> => {
    const gone = new AbortController();
    const { socket } = request.raw;
    const output = new PassThrough();
    const leave = (): void => {
      gone.abort();
      // Rows that nobody takes any more would be waited for, for ever.
      output.destroy();
    };
    socket.once("close", leave);
    let revoked = false;
    const beat = setInterval(() => void stillMay(question.action, LAKE).then((still) => still || ((revoked = true), gone.abort())), beatMs);
    const started = performance.now();
    // Headers go out with the first row: until then a refusal still has its own status.
    output.once("readable", () => {
      if (!reply.raw.headersSent) reply.hijack().raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers, "Cache-Control": "no-store" });
      output.pipe(reply.raw);
    });
    const done = await turn(() => askLake(ctx, ingest().lake, question, { childEntry: queryEntry, views, format, output, signal: gone.signal })).then(
      ({ rows, more }) => ({ end: { rows, more, milliseconds: Math.round(performance.now() - started) } }),
      (failure: unknown) => {
        const error = revoked ? new Forbidden("Your session, your token or your right to ask has ended, and the query with it.", { hint: "Sign in again, or make a new token; ask an administrator for a role that may." }) : failure;
        if (!reply.raw.headersSent) throw error;
        return { error: { message: error instanceof CorduroyError ? error.message : "Something went wrong on our side.", ...(error instanceof CorduroyError && error.hint !== undefined && { hint: error.hint }) } };
      },
    ).finally(() => {
      clearInterval(beat);
      socket.off("close", leave);
    });
    if (format === "lines") output.end(`${JSON.stringify(done)}\n`);
    else if ("error" in done) output.destroy();
    else output.end();
    await finished(reply.raw).catch(() => undefined);
    return undefined;
  };
  return {
    query: async (call) => ask(call, { ...call.body, action: "lake.query" }, "lines", { "Content-Type": "application/x-ndjson" }),
    export: async (call) => ask(call, { ...call.body, action: "lake.export" }, "csv", { "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": 'attachment; filename="corduroy.csv"' }),
    schema: async ({ ctx }) => {
      await authorize(ctx, "lake.query", LAKE);
      return { views: views.map(({ name, about, columns }) => ({ name, about, columns: columns.map(([column, type]) => ({ name: column, type })) })) };
    },
  };
}

/** Lets so many work at once; a few may wait. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= MOST) {
      if (waiting.length >= WAITING) throw new TooMuch("Too many questions are being answered at once.", 5);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

