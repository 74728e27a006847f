import { listInputs } from "./inputs/index.ts";
import { linesIn } from "./read/lines.ts";
import { readObject } from "./read/readObject.ts";
import type { Slice } from "./read/split.ts";

/** Who looks at records. */
interface RecordReader {
  /** A record, or a line that is none, as text; `line` is its line, or its number in a list. */
  record(at: { location: string; line: number }, text: string): void;
  /** What could not be read, as a whole or from somewhere on. */
  unreadable(location: string, reason: string): void;
}

/** Hands on every record of these inputs in order, as a scan would read them. */
export async function eachRecord(inputs: readonly string[], reader: RecordReader): Promise<void> {
  for await (const item of listInputs(inputs)) {
    if ("skipped" in item) continue;
    const { location } = item;
    if (!("kind" in item)) {
      reader.unreadable(location, item.reason);
      continue;
    }
    const record = ({ buffer, start, end, no }: Slice): void => reader.record({ location, line: no }, buffer.toString("utf8", start, end));
    try {
      await readObject(item, [], {
        opened: () => undefined,
        record,
        lines: (lines) => {
          for (const line of linesIn(lines)) record(line);
        },
        dead: record,
        damaged: (reason) => reader.unreadable(location, reason),
        breathe: () => Promise.resolve(),
      });
    } catch (error) {
      reader.unreadable(location, error instanceof Error ? error.message : String(error));
    }
  }
}
