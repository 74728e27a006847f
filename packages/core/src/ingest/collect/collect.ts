import { setTimeout as wait } from "node:timers/promises";
import { inWords } from "./inWords.ts";
import { parseNotification } from "./notification.ts";
import type { Queue, QueueMessage } from "./queue.ts";
import { takeInNotified, type NotifiedIntake } from "./takeIn.ts";
import { untilStopped } from "./untilStopped.ts";

/** How a round went: what is wrong, and whether anything was taken in. */
export interface Round {
  /** Why messages stay in the queue, or what was lost; null when nothing is wrong. */
  problem: string | null;
  /** All messages of the round are done with and gone, be there none. */
  done: boolean;
  messages: number;
}

/** Messages that are worked on at once. */
const AT_ONCE = 2;
/** After a round in which nothing went on, the next one waits: a backlog must not run into the dead-letter queue because a permission is missing for an hour. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Takes in what the messages of a queue name, round after round, until it is told to stop. A message is removed when all its objects are in the lake, and not before.
 * @param hiddenMs for how long received messages are hidden; it is prolonged while they are worked on
 * @param tell gets the outcome of each round
 */
export async function collect(queue: Queue, intake: NotifiedIntake, hiddenMs: number, tell: (round: Round) => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_WAIT_MS; !signal.aborted; ) {
    const round = await untilStopped(oneRound(queue, intake, hiddenMs, signal), signal);
    if (round === null) return;
    await tell(round);
    pause = round.done ? FIRST_WAIT_MS : Math.min(2 * pause, LONGEST_WAIT_MS);
    if (!round.done) await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function oneRound(queue: Queue, intake: NotifiedIntake, hiddenMs: number, signal: AbortSignal): Promise<Round> {
  let messages: QueueMessage[];
  try {
    messages = await queue.receive(signal);
  } catch (error) {
    return { problem: inWords(error), done: false, messages: 0 };
  }
  const round: Round = { problem: null, done: true, messages: messages.length };
  const held = new Set(messages.map(({ receipt }) => receipt));
  // One that could not be prolonged is given to us again, which does no harm.
  const beat = setInterval(() => [...held].map((receipt) => queue.keepHidden(receipt).catch(() => undefined)), hiddenMs / 3);
  const waiting = [...messages];
  const work = async (): Promise<void> => {
    for (let message = waiting.shift(); message && !signal.aborted; message = waiting.shift()) {
      try {
        for (const object of parseNotification(message.body)) round.problem = (await takeInNotified(intake, object)) ?? round.problem;
        await queue.remove(message.receipt);
      } catch (error) {
        round.problem = inWords(error);
        round.done = false;
      }
      held.delete(message.receipt);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work)).finally(() => clearInterval(beat));
  return round;
}
