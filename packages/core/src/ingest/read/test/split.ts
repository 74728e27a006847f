import { linesIn } from "../lines.ts";
import { RecordSplitter } from "../split.ts";

/** What came out of a splitter: records and dead letters in order, as text. */
export interface Outcome {
  items: { no: number; text: string; bytes: Buffer; dead: string | null }[];
  damages: string[];
  count: number;
  unfinished: boolean;
}

/** Splits bytes that arrive in chunks of these sizes, over and over; each chunk lies in memory of its own. */
export function splitInChunks(bytes: Buffer, sizes: readonly number[]): Outcome {
  const items: Outcome["items"] = [];
  const damages: string[] = [];
  const splitter = new RecordSplitter({
    record: ({ buffer, start, end, no }) => void items.push({ no, text: buffer.toString("utf8", start, end), bytes: buffer.subarray(start, end), dead: null }),
    lines: (lines) => {
      for (const { buffer, start, end, no } of linesIn(lines)) items.push({ no, text: buffer.toString("utf8", start, end), bytes: buffer.subarray(start, end), dead: "not a JSON object" });
    },
    dead: ({ buffer, start, end, no }, reason) => void items.push({ no, text: buffer.toString("utf8", start, end), bytes: buffer.subarray(start, end), dead: reason }),
    damaged: (reason) => void damages.push(reason),
  });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    splitter.push(Buffer.from(Uint8Array.from(bytes.subarray(at, at + size)).buffer));
    at += size;
  }
  splitter.end();
  return { items, damages, count: splitter.count, unfinished: splitter.endsUnfinished };
}
