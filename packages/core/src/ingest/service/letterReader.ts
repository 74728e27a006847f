import { mkdir, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Unavailable } from "../../kernel/index.ts";
import { forkWorker } from "../forkWorker.ts";
import type { FromWorker, StoredLetter, ToWorker, WantedLetters } from "../messages.ts";

/**
 * Reads dead letters in a process of its own.
 * @param wanted paths relative to the lake, with row numbers from 0; the answer has the same order
 * @param rawBytes how much of each is wanted
 * @throws Unavailable
 */
export type LetterReader = (wanted: readonly WantedLetters[], rawBytes: number) => Promise<StoredLetter[]>;

/** A page is read in a fraction of a second. */
const PATIENCE_MS = 60_000;

/** One reading at a time: dead letters are looked at seldom, and each process takes the memory of an engine. */
export function letterReader(workerEntry: string, temporary: string, lake: string): LetterReader {
  let before: Promise<unknown> = Promise.resolve();
  return (wanted, rawBytes) => {
    if (wanted.length === 0) return Promise.resolve([]);
    const own = join(temporary, `letters-${randomUUID()}`);
    const message: ToWorker = { type: "letters", wanted: wanted.map(({ path, rows }) => ({ path: join(lake, path), rows })), rawBytes, temporary: own };
    const letters = before.then(async () => {
      await mkdir(own, { recursive: true, mode: 0o700 });
      try {
        return (await ask(workerEntry, message)).map((letter) => ({ ...letter, path: letter.path.slice(lake.length + 1) }));
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    });
    before = letters.catch(() => undefined);
    return letters;
  };
}

function ask(workerEntry: string, message: ToWorker): Promise<StoredLetter[]> {
  const child = forkWorker(workerEntry, "ignore");
  let errors = "";
  return new Promise<StoredLetter[]>((resolve, reject) => {
    const failed = (how: string): void => reject(new Unavailable(`The dead letters cannot be read: ${how}.`, { hint: errors.trim().split("\n")[0] }));
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    child.stderr!.on("data", (text: Buffer) => (errors = (errors + text.toString("utf8")).slice(-4_000)));
    child.on("message", (answer: FromWorker) => answer.type === "letters" && resolve(answer.letters));
    child.on("error", (error) => failed(error.message));
    child.on("close", (code, signal) => {
      clearTimeout(late);
      failed(`the process ended with ${signal ?? String(code)}`);
    });
    child.send(message, () => undefined);
  }).finally(() => child.kill("SIGKILL"));
}
