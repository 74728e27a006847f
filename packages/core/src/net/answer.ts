import type { Dispatcher } from "undici";

/** What came back. A redirect is an answer like any other; nobody follows it. */
export interface OutboundAnswer {
  status: number;
  /** By lower-case name; several of one name are joined with `, `. */
  headers: ReadonlyMap<string, string>;
  /** Up to the size limit. */
  bytes: Buffer;
  /** The same as UTF-8. */
  readonly body: string;
  /** False where the body went on past the limit. */
  complete: boolean;
}

/** Reads an answer, and of its body no more than `maxBytes`. The bytes are taken as they come: nothing is unpacked, so nothing swells. */
export async function readAnswer(answer: Dispatcher.ResponseData, maxBytes: number): Promise<OutboundAnswer> {
  const kept: Buffer[] = [];
  let room = maxBytes;
  let complete = true;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    kept.push(chunk.subarray(0, room));
    room -= chunk.length;
    if (room < 0) {
      complete = false;
      break;
    }
  }
  const bytes = Buffer.concat(kept);
  return {
    status: answer.statusCode, headers: new Map(pairs(answer.headers)), bytes, complete,
    get body() {
      return bytes.toString("utf8");
    },
  };
}

function* pairs(headers: Dispatcher.ResponseData["headers"]): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) yield [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value];
  }
}
