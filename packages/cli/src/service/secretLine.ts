import type { Readable } from "node:stream";
import { Invalid } from "@corduroy/core/kernel";

/** What is read from: a terminal knows `setRawMode`. */
type Input = Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };

const LONGEST = 4_000;
const END = new Set(["\r", "\n", "\u0004"]);
const INTERRUPT = "\u0003";
const ERASE = new Set(["\u007f", "\b"]);

/**
 * Reads one line that nobody is to see: from a terminal without echo, behind a question; else the first line of the input.
 * @throws Invalid when there is none, or it is longer than any secret
 */
export async function secretLine(question: string, input: Input, output: NodeJS.WritableStream): Promise<string> {
  const isTerminal = input.isTTY === true && input.setRawMode !== undefined;
  if (isTerminal) {
    output.write(question);
    input.setRawMode?.(true);
  }
  try {
    return await lineOf(input);
  } finally {
    if (isTerminal) {
      input.setRawMode?.(false);
      output.write("\n");
    }
  }
}

async function lineOf(input: Input): Promise<string> {
  let line = "";
  input.setEncoding("utf8");
  reading: for await (const piece of input as AsyncIterable<string>) {
    for (const character of piece) {
      if (END.has(character)) break reading;
      if (character === INTERRUPT) throw new Invalid("Nothing was changed.");
      line = ERASE.has(character) ? line.slice(0, -1) : line + character;
      if (line.length > LONGEST) throw new Invalid("This is too long for a token.");
    }
  }
  if (line.trim() === "") throw new Invalid("No token was given.", { hint: "Make one under Settings, API tokens. Paste it here, or send it in: corduroy login < token-file" });
  return line.trim();
}
