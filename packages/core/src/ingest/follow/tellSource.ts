import { genericJson, parseRecord, recognise, recogniseLine, type SourceDefinition } from "../../sources/index.ts";
import { readBytes } from "../read/readObject.ts";
import { firstLine } from "../read/lines.ts";
import type { Slice } from "../read/split.ts";

/** The id of the source that a body's first readable record or line is of; that of any JSON when there is none. */
export async function tellSource(body: Buffer): Promise<string> {
  let told: SourceDefinition | null = null;
  await readBytes(body, {
    record: (slice) => {
      const record = told === null ? parseRecord(textOf(slice)) : null;
      if (record !== null) told = recognise(record).source;
    },
    lines: (lines) => void (told ??= recogniseLine(textOf(firstLine(lines)))),
    dead: () => undefined,
    damaged: () => undefined,
    breathe: () => Promise.resolve(),
  });
  return (told ?? genericJson).id;
}

function textOf({ buffer, start, end }: Slice): string {
  return buffer.toString("utf8", start, end);
}
