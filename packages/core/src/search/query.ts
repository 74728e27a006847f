import type { ChildProcess } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { CorduroyError, Forbidden, Invalid, Unavailable, visibleBlock } from "../kernel/index.ts";
import type { Snapshot } from "../lake/index.ts";
import type { Format, Limits, QueryNews, QueryRequest } from "./protocol.ts";
import type { Sight } from "./sight.ts";
import { startQueryProcess, type SpareQueryProcess } from "./spare.ts";
import type { FilledView, View } from "./views.ts";

/** How a query is run and where its rows go. */
export interface QueryOptions {
  /** The program that calls `runQueryChild`: a path or a file URL. */
  childEntry: string | URL;
  /** Where many are asked after each other: has a process ready. */
  spare?: SpareQueryProcess;
  views: readonly View[];
  /** What whoever asks may see. */
  sight: Sight;
  format: Format;
  /** Gets the rows; not ended. When it is closed early, as by `head`, the query stops quietly. */
  output: Writable;
  /** Rows to write at most; null for all. */
  maxRows: number | null;
  /** Columns of the terminal. */
  width: number;
  /** `output` is a terminal, which would obey control characters. */
  forTerminal: boolean;
  /** See `QueryRequest`: a person who is root may, a service must not. */
  mayStayRoot: boolean;
  limits?: Partial<Limits>;
  /** Ends the query, at once; an error of ours as its reason is what the query then throws. */
  signal?: AbortSignal;
}

/** How a query ended. */
export interface QueryEnd {
  rows: number;
  /** There were more rows than were asked for, or the reader has stopped reading. */
  more: boolean;
}

const ERRORS = { Invalid, Forbidden, Unavailable };
const LIMITS: Limits = { seconds: 300, memoryMb: 1024, temporaryMb: 8192, threads: 2 };
/** What a part says in place of its source that has rows of any. */
const MIXED = "";
/** A child that has said nothing for so long is stuck, even on a busy machine. */
const SILENCE_MS = 60_000;

/**
 * Runs one SELECT of a person over the parts of a snapshot, in a process of its own that can do nothing else (see README.md).
 * @param snapshot of `readLake` or `serviceSnapshot`
 * @throws Invalid for SQL that has no meaning, Forbidden for SQL that may not be run, Unavailable when it needs more time, memory or disk
 *   than it may, or was ended by `signal`. Messages are safe to print; they may span lines and point at a place with a caret.
 */
export async function query({ folder, parts }: Snapshot, sql: string, options: QueryOptions): Promise<QueryEnd> {
  const { sources } = options.sight;
  const views = options.views.filter(({ source }) => source === null || sources === null || sources.includes(source)).map((view): FilledView => {
    const files = parts.filter((part) => part.kind === view.kind && (view.source === null || part.source === view.source) && (sources === null || part.source === MIXED || sources.includes(part.source)));
    return { ...view, files: files.map(({ path, first, last }) => ({ path: join(folder, path), first, last })) };
  });
  const temporary = await realpath(await mkdtemp(join(tmpdir(), "corduroy-query-")));
  try {
    const { sight, format, maxRows, width, forTerminal, mayStayRoot } = options;
    return await runChild({ folder, temporary, sql, views, sight, format, maxRows, width, forTerminal, mayStayRoot, limits: { ...LIMITS, ...options.limits } }, options);
  } finally {
    options.spare?.prepare();
    await rm(temporary, { recursive: true, force: true });
  }
}

async function runChild(request: QueryRequest, { childEntry, spare, output, signal }: QueryOptions): Promise<QueryEnd> {
  if (signal?.aborted) throw cancelled(signal);
  const entry = childEntry instanceof URL ? fileURLToPath(childEntry) : childEntry;
  const child = spare?.take() ?? startQueryProcess(entry);
  const [stdin, stdout, stderr] = [child.stdin, child.stdout, child.stderr];
  if (stdin === null || stdout === null || stderr === null) throw new Unavailable("The process for the query could not be started.");
  const cancel = () => void child.kill("SIGKILL");
  signal?.addEventListener("abort", cancel);
  let complaint = "";
  stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  stdin.on("error", () => undefined); // A child that dies early is reported by its end, below.
  stdin.end(JSON.stringify(request));
  let readerHasLeft = false;
  const written = pipeline(stdout, output, { end: false }).catch((error: unknown) => {
    child.kill("SIGKILL");
    if (!output.destroyed && output.writable) throw error;
    readerHasLeft = true;
  });
  const [news] = await Promise.all([lastNews(child), written]).finally(() => signal?.removeEventListener("abort", cancel));
  if (signal?.aborted && news.type !== "done") throw cancelled(signal);
  if (readerHasLeft) return { rows: 0, more: true };
  if (news.type === "done") return { rows: news.rows, more: news.more };
  const hint = news.hint ?? (complaint.trim() || undefined);
  throw new ERRORS[news.error](visibleBlock(news.message), { hint: hint === undefined ? undefined : visibleBlock(hint) });
}

type LastNews = Exclude<QueryNews, { type: "alive" }>;

/** What the child said last before it ended; a sentence of ours when it ended without a word. */
function lastNews(child: ChildProcess): Promise<LastNews> {
  return new Promise((resolve) => {
    let last: LastNews | undefined;
    const stuck = () => {
      last ??= without("The process that ran the query was stuck and has been ended.");
      child.kill("SIGKILL");
    };
    let watch = setTimeout(stuck, SILENCE_MS);
    child.on("message", (news: QueryNews) => {
      clearTimeout(watch);
      watch = setTimeout(stuck, SILENCE_MS);
      if (news.type !== "alive") last = news;
    });
    child.on("error", (error) => {
      clearTimeout(watch);
      resolve(without(`The process for the query could not be started: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      clearTimeout(watch);
      resolve(last ?? without(`The process that ran the query ended unexpectedly (${signal ?? `exit code ${code}`}).`));
    });
  });
}

function cancelled({ reason }: AbortSignal): CorduroyError {
  return reason instanceof CorduroyError ? reason : new Unavailable("The query was cancelled.");
}

function without(message: string): LastNews {
  return { type: "failed", error: "Unavailable", message, hint: undefined };
}
