import { isUtf8 } from "node:buffer";
import { LINES_BYTES } from "./lines.ts";
import type { ObjectHandler } from "./readObject.ts";

const OPEN = 0x7b;
const NEWLINE = Buffer.from("\n");
/** Records are worked off after so many bytes. */
const PIECE = 1024 * 1024;

/**
 * Hands on messages that came one by one, each a record whatever bytes are in it: lines of text as many at once as can be.
 * @param faults by number, from 1: why a message is a dead letter
 */
export async function readMessages(messages: Iterable<Buffer>, faults: ReadonlyMap<number, string>, handler: Pick<ObjectHandler, "record" | "lines" | "dead" | "breathe">): Promise<void> {
  let no = 0;
  let plain: Buffer[] = [];
  let waiting = 0;
  let passed = 0;
  const handOn = (): void => {
    if (plain.length === 0) return;
    const buffer = Buffer.concat(plain.flatMap((line, index) => (index === 0 ? [line] : [NEWLINE, line])));
    handler.lines({ buffer, start: 0, end: buffer.length, no: no - plain.length + 1, count: plain.length, separator: "\n" });
    [plain, waiting] = [[], 0];
  };
  for (const message of messages) {
    const fault = faults.get(no + 1) ?? (isUtf8(message) ? null : "not valid UTF-8");
    const isPlain = fault === null && message[0] !== OPEN && !message.includes(NEWLINE);
    if (!isPlain || waiting + message.length > LINES_BYTES) handOn();
    no++;
    const slice = { buffer: message, start: 0, end: message.length, no };
    if (isPlain) {
      plain.push(message);
      waiting += message.length + 1;
    } else if (fault !== null) handler.dead(slice, fault);
    else if (message[0] === OPEN) handler.record(slice);
    else handler.lines({ ...slice, count: 1, separator: "\n" });
    passed += message.length;
    if (passed < PIECE) continue;
    handOn();
    await handler.breathe();
    passed = 0;
  }
  handOn();
}
