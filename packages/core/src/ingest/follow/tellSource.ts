import { parseRecord, recognise, type JsonRecord } from "../../sources/index.ts";
import { readBytes } from "../read/readObject.ts";
import type { Slice } from "../read/split.ts";

/** The id of the source that a body's first readable record is of; that of any JSON when there is none. */
export async function tellSource(body: Buffer): Promise<string> {
  let first: JsonRecord | null = null;
  await readBytes(body, {
    record: ({ buffer, start, end }: Slice) => (first ??= parseRecord(buffer.toString("utf8", start, end))),
    dead: () => undefined,
    damaged: () => undefined,
    breathe: () => Promise.resolve(),
  });
  return recognise(first ?? {}).source.id;
}
