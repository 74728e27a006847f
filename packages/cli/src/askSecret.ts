import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks on the terminal, without showing what is typed. @returns null where nobody is there to answer */
export function askSecret(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return Promise.resolve(null);
  process.stderr.write(question);
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    prompt.once("line", (line) => {
      resolve(line);
      prompt.close();
    });
    prompt.once("close", () => {
      process.stderr.write("\n");
      resolve(null);
    });
  });
}
