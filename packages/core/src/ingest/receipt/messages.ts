/** What came to a listener as one message, exactly as it came. */
export interface Message {
  bytes: Buffer;
  /** Why it cannot be an event; null where it can. */
  fault: string | null;
}

const SPACE = 0x20;
const DIGITS = 10;

/** Messages as one body: each behind its length, as RFC 6587 counts octets, so that any byte may be in them. */
export function asBody(messages: readonly Pick<Message, "bytes">[]): Buffer {
  return Buffer.concat(messages.flatMap(({ bytes }) => [Buffer.from(`${bytes.length} `), bytes]));
}

/** The messages of a body of `asBody`. */
export function* messagesIn(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; ) {
    const space = body.subarray(at, at + DIGITS).indexOf(SPACE) + at;
    const length = Number(body.toString("latin1", at, space));
    if (space < at || !Number.isSafeInteger(length) || space + 1 + length > body.length) throw new Error("a body of messages is none");
    yield body.subarray(space + 1, space + 1 + length);
    at = space + 1 + length;
  }
}
