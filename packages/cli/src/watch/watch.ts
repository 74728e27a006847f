import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { Invalid, visible } from "@corduroy/core/kernel";
import { takeLock } from "@corduroy/core/lake";
import { bytesText, countOf } from "@corduroy/core/reports";
import { sourceById, sources } from "@corduroy/core/sources";
import { connect } from "../service/connect.ts";
import { deliver } from "./deliver.ts";
import { Journal } from "./journal.ts";
import { keepPending, readPending, type Pending } from "./pending.ts";
import { Rounds } from "./round.ts";
import { sourceTeller } from "./sourceTeller.ts";

/** Options of `corduroy watch`, as they are typed. */
export interface WatchOptions {
  server?: string;
  source?: string;
  once: boolean;
  /** In milliseconds. */
  interval: number;
}

/** The watch was told to stop. */
class Stopped extends Error {}

/** `corduroy watch`: sends what comes to files, each record once, until it is told to stop (SIGTERM, SIGINT). */
export async function watchCommand(paths: string[], { source, once, interval, ...options }: WatchOptions): Promise<void> {
  for (const path of paths) if (path === "-" || /^[a-z0-9]+:\/\//i.test(path)) throw new Invalid(`${path} is no file or folder.`, { hint: "Collect a bucket with: corduroy sources add. Read a stream with: corduroy scan -" });
  if (source !== undefined && !sourceById(source)) throw new Invalid(`There is no source ${source}.`, { hint: `Known are ${sources.map(({ id }) => id).join(" and ")}.` });
  const service = await connect(options);
  const state = join(stateFolder(process.env), digest([service.origin, source ?? "", ...paths.map((path) => resolve(path)).sort()]));
  const lock = await takeLock(`${state}.lock`, "What was sent of these paths");
  const journal = await Journal.open(`${state}.ndjson`, Date.now());
  const stop = stopper();
  const view = viewOf(process.stderr);
  const body = `${state}.body`;
  const way = { service, pause: stop.pause, trouble: view.trouble };
  const send = async (pending: Pending): Promise<void> => {
    stop.check();
    await keepPending(body, pending);
    await hand(pending);
  };
  const hand = async ({ after, pieces }: Pending): Promise<void> => {
    for (let left = [...pieces]; left.length > 0; ) {
      const piece = left.shift()!;
      const parts = await deliver(way, piece, after);
      if (parts === null) view.sent(piece.body.length);
      else if (parts.length === 0) view.complain(after.path, `Record ${piece.from} is longer than the service takes. It was left out.`);
      else {
        left = [...parts, ...left];
        // Should this process end now, the next one must not send them in other pieces than these.
        await keepPending(body, { after, pieces: left });
      }
    }
  };
  try {
    await finish(await readPending(body), journal, hand);
    const rounds = new Rounds({ journal, sourceOf: source === undefined ? sourceTeller(way) : async () => source, once, now: Date.now, send, complain: view.complain });
    for (;;) {
      view.watched(await rounds.round(paths));
      if (once) break;
      await stop.pause(interval);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    view.end();
    await journal.close();
    await lock.release();
  }
}

/** Sends what was being sent when an earlier run ended; the service knows it again if it had arrived. */
async function finish(pending: Pending | null, journal: Journal, hand: (pending: Pending) => Promise<void>): Promise<void> {
  if (pending === null || (journal.get(pending.after.version)?.place.records ?? 0) >= pending.after.place.records) return;
  await hand(pending);
  await journal.put(pending.after, { durable: true });
}

/** `corduroy/watch` in the user's folder for state, by the XDG Base Directory Specification. */
function stateFolder(env: NodeJS.ProcessEnv): string {
  const state = env["XDG_STATE_HOME"];
  return join(state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local/state"), "corduroy", "watch");
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
}

/** Ends pauses, and what comes after the body under way, once a signal comes. */
function stopper(): { check: () => void; pause: (milliseconds: number) => Promise<void> } {
  let stopped = false;
  let wake: (() => void) | null = null;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopped = true;
      wake?.();
    });
  }
  const check = (): void => {
    if (stopped) throw new Stopped();
  };
  const pause = async (milliseconds: number): Promise<void> => {
    check();
    await new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    check();
  };
  return { check, pause };
}

/** What a person sees of it: one line that runs along on a terminal, and a word wherever something is wrong. */
function viewOf(stream: NodeJS.WriteStream): { sent: (bytes: number) => void; watched: (files: number) => void; trouble: (text: string | null) => void; complain: (location: string, reason: string) => void; end: () => void } {
  const live = stream.isTTY && process.env["TERM"] !== "dumb";
  const complaints = new Set<string>();
  let [bodies, bytes, files] = [0, 0, 0];
  let troubled: string | null = null;
  const line = (): string => `${countOf(files, "file")} watched, ${bytesText(bytes)} sent in ${countOf(bodies, "body", "bodies")}`;
  const show = (): void => void (live && stream.write(`\r\u001B[K${line()}`));
  const say = (text: string): void => void stream.write(`${live ? "\r\u001B[K" : ""}${visible(text)}\n`);
  return {
    sent: (more) => {
      bodies++;
      bytes += more;
      show();
    },
    watched: (count) => {
      files = count;
      show();
    },
    trouble: (text) => {
      if (text === troubled) return;
      say(text === null ? "It goes on." : `${text} It is tried again until it works.`);
      troubled = text;
    },
    complain: (location, reason) => {
      const text = `${location}: ${reason}`;
      if (complaints.has(text)) return;
      complaints.add(text);
      say(text);
    },
    end: () => {
      if (live) stream.write("\r\u001B[K");
      process.stdout.write(`${line()}.\n`);
    },
  };
}
