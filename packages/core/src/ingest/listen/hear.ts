import { setTimeout as wait } from "node:timers/promises";
import { authorize } from "../../identity/index.ts";
import { Unavailable } from "../../kernel/index.ts";
import { ANY_SOURCE } from "../../sources/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { Message } from "../receipt/messages.ts";
import { TooMuch, type Heard, type Receiver } from "../receipt/receive.ts";
import { count, type ListenerCounts } from "./counts.ts";

const OPEN = 0x7b;
/** After a disk that fails, it is tried again. */
const AGAIN_MS = 1_000;

/** What hearing needs. */
export interface Ear {
  ctx: DbCtx;
  receiver: Pick<Receiver, "hear">;
  /** Of the listener. */
  url: string;
  counts: ListenerCounts;
  /** Told when it does not go on, and null when it does again. */
  trouble: (text: string | null) => void;
  /** Once it is aborted, what cannot be kept is not tried again. */
  stopping: AbortSignal;
}

/** Takes in messages of one sender; each record tells what it is. */
async function receiveMessages(ctx: DbCtx, receiver: Pick<Receiver, "hear">, heard: Omit<Heard, "source">): Promise<void> {
  await authorize(ctx, "events.write", { type: "Source", id: ANY_SOURCE });
  await receiver.hear({ source: ANY_SOURCE, ...heard });
}

/** Told apart, since lines of text among JSON records are taken for damage. */
const isJson = ({ bytes, fault }: Message): boolean => fault === null && bytes[0] === OPEN;

/** Keeps messages of one sender, trying until they are kept; what cannot be kept before the end is counted as lost. */
export async function hear(ear: Ear, from: string, messages: readonly Message[]): Promise<void> {
  const kinds = [messages.filter((each) => !isJson(each)), messages.filter(isJson)];
  for (const kind of kinds) if (kind.length > 0) await keep(ear, from, kind);
}

async function keep({ ctx, receiver, url, counts, trouble, stopping }: Ear, from: string, messages: readonly Message[]): Promise<void> {
  for (;;) {
    try {
      await receiveMessages(ctx, receiver, { sender: url, from, messages });
      trouble(null);
      counts.received += messages.length;
      for (const { fault } of messages) if (fault !== null) count(counts.unreadable, fault);
      return;
    } catch (error) {
      const why = error instanceof Unavailable ? error.message : `An unexpected error: ${String(error)}`;
      trouble(why);
      if (stopping.aborted) return count(counts.dropped, "the service stopped before they could be kept", messages.length);
      await wait(error instanceof TooMuch ? error.retryAfter * 1_000 : AGAIN_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
