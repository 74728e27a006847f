import type { OutgoingHttpHeaders } from "node:http";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type { Ingest, Whose } from "@corduroy/core/ingest";
import { CorduroyError, Forbidden, Unavailable, type Actor } from "@corduroy/core/kernel";
import { askLake, type Question, type SpareQueryProcess, type View } from "@corduroy/core/search";
import type { Call } from "../http/handler.ts";
import { turns } from "./turns.ts";

/** Times the patience that a reader may take for the whole of an answer, beside the time of the question itself. */
const DELIVERY = 4;

/** What is asked, for the policies. */
export const LAKE = { type: "Lake", id: "events" };

interface Setting {
  ingest: () => Ingest;
  childEntry: string;
  spare: SpareQueryProcess;
  views: (whose: Whose) => readonly View[];
  patienceMs: number;
}
type Asked = Pick<Call<never>, "ctx" | "reply" | "request" | "stillMay" | "stillSees">;

/** Answers questions as streams: rows go out as they come, for as long as their reader takes them and still may have them. */
export function answering({ ingest, childEntry, spare, views, patienceMs }: Setting): (asked: Asked, question: Question, format: "lines" | "export", headers: Record<string, string>) => Promise<undefined> {
  const inTurn = turns();
  return async (asked, question, format, headers) => {
    const { ctx, reply } = asked;
    const output = new PassThrough();
    const reader = readerOf(asked, question.action, output, patienceMs);
    // Headers go out with the first row: until then a refusal still has its own status.
    output.once("readable", () => {
      reply.hijack().raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers, "Cache-Control": "no-store" });
      output.pipe(reply.raw);
    });
    const started = performance.now();
    try {
      const { rows, more } = await inTurn(askerOf(ctx.actor), reader.signal, () => {
        reader.within(question.seconds * 1000 + DELIVERY * patienceMs);
        return askLake(ctx, ingest().lake, question, { childEntry, spare, views: views(question), format, output, signal: reader.signal });
      });
      output.end(format === "lines" ? line({ end: { rows, more, milliseconds: Math.round(performance.now() - started) } }) : undefined);
      await finished(reply.raw).catch(() => undefined);
    } catch (error) {
      if (!reply.raw.headersSent) {
        output.removeAllListeners("readable").destroy();
        throw error;
      }
      if (format === "lines") output.end(line({ error: told(error) }));
      // CSV has no place for an error: that the end is missing must be seen.
      else reply.raw.destroy();
      await finished(reply.raw).catch(() => undefined);
    } finally {
      reader.release();
    }
    return undefined;
  };
}

/** Watches over whoever reads an answer. `signal` says that nobody may or will take it any more, and why; `within` begins the time that is left for it. */
function readerOf({ reply, request, stillMay, stillSees }: Asked, action: Question["action"], output: PassThrough, patienceMs: number): { signal: AbortSignal; within: (ms: number) => void; release: () => void } {
  const over = new AbortController();
  const { socket } = request.raw;
  const leave = (): void => {
    over.abort(new Unavailable("The query was cancelled."));
    // Rows that nobody takes any more would be waited for, for ever.
    output.destroy();
  };
  socket.once("close", leave);
  const ended = new Forbidden("Your session, your token or your right to ask has ended, and the query with it.", { hint: "Sign in again, or make a new token; ask an administrator for a role that may." });
  const goesOn = async (): Promise<boolean> => (await stillMay(action, LAKE)) && stillSees(LAKE);
  const beat = setInterval(() => void goesOn().then((still) => still || over.abort(ended)), patienceMs / 2);
  let late: NodeJS.Timeout | undefined;
  return {
    signal: over.signal,
    within: (ms) => {
      late = setTimeout(() => {
        over.abort(new Unavailable(`The answer was not taken within ${ms / 1000} s.`, { hint: "Ask for fewer rows, or read them faster." }));
        // Who takes a byte now and then would take the reason so, too.
        if (reply.raw.headersSent) reply.raw.destroy();
      }, ms);
    },
    release: () => {
      clearInterval(beat);
      clearTimeout(late);
      socket.off("close", leave);
    },
  };
}

function askerOf(actor: Actor): string {
  return actor.kind === "system" ? actor.name : `${actor.kind} ${actor.id}`;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function told(error: unknown): { message: string; hint?: string } {
  if (!(error instanceof CorduroyError)) return { message: "Something went wrong on our side." };
  return { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
}
