import { TooMuch } from "@corduroy/core/ingest";

/** Questions that run at once; each takes up to a gigabyte. */
const MOST = 2;
/** Questions that wait for their turn, of everybody and of one asker. */
const WAITING = 16;
const WAITING_EACH = 2;
const AGAIN_SECONDS = 5;

/** Does something when it is its asker's turn. @throws TooMuch when too many wait, the signal's reason when it is aborted before its turn */
export type InTurn = <T>(asker: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Lets few work at once, and one of each asker, so that nobody keeps everybody else out; a few may wait. */
export function turns(): InTurn {
  const running = new Set<string>();
  const waiting: { asker: string; go: () => void }[] = [];
  const begin = (asker: string, signal: AbortSignal): Promise<void> | void => {
    if (running.size < MOST && !running.has(asker)) return void running.add(asker);
    if (waiting.filter((each) => each.asker === asker).length >= WAITING_EACH) throw new TooMuch("One question of yours is being answered at a time, and others are waiting already.", AGAIN_SECONDS);
    if (waiting.length >= WAITING) throw new TooMuch("Too many questions are being answered at once.", AGAIN_SECONDS);
    return new Promise((resolve, reject) => {
      const place = { asker, go: resolve };
      waiting.push(place);
      signal.addEventListener("abort", () => {
        const at = waiting.indexOf(place);
        if (at !== -1) waiting.splice(at, 1);
        reject(signal.reason as Error);
      });
    });
  };
  const end = (asker: string): void => {
    running.delete(asker);
    const at = waiting.findIndex((each) => !running.has(each.asker));
    const [next] = at === -1 ? [] : waiting.splice(at, 1);
    if (next === undefined) return;
    running.add(next.asker);
    next.go();
  };
  return async (asker, signal, work) => {
    signal.throwIfAborted();
    await begin(asker, signal);
    try {
      return await work();
    } finally {
      end(asker);
    }
  };
}
