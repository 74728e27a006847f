import { crc32 } from "node:zlib";
import * as z from "zod";

/** What is known of a body that was received: it travels with it, on disk too. */
export const FrameHeader = z.object({
  /** Of the receipt; never used twice. */
  id: z.string(),
  /** Or `ANY_SOURCE`. */
  source: z.string(),
  /** Who sent it: the token's id. */
  sender: z.string(),
  /** The sender's idempotency key. */
  key: z.string().nullable(),
  /** Size of the body, as sent. */
  bytes: z.number(),
  /** When it was received, in milliseconds since the epoch. */
  at: z.number(),
  /** Where the sender read it, and the number of its first record there. */
  origin: z.object({ object: z.string(), version: z.string(), from: z.number() }).nullable(),
  /** For what came to a listener: the sender's network address, and what is wrong with messages, by number. The body is one of `asBody` then. */
  heard: z.object({ from: z.string(), faults: z.array(z.tuple([z.number(), z.string()])) }).nullable().default(null),
  /** For what was read of a stream: its place, and number and time (milliseconds since the epoch) of each event there. The body is one of `asBody` then, and each event in it an object of its own. */
  streamed: z.object({ place: z.string(), version: z.string(), events: z.array(z.tuple([z.number(), z.number()])) }).nullable().default(null),
});
export type FrameHeader = z.infer<typeof FrameHeader>;

/** One received body, exactly as it came. */
export interface Frame {
  header: FrameHeader;
  body: Buffer;
}

/** A run of bytes between frames that is none: the frame that was being written when the machine stopped, or damage. */
export interface Gap {
  bytes: number;
  /** Whole frames follow it, so it was not the end of what was being written. */
  inside: boolean;
}

const MAGIC = Buffer.from("CFR1");
const FIXED = 16;

/** A frame as bytes: magic, lengths of header and body, CRC-32 of both (little endian), header as JSON, body. */
export function encodeFrame({ header, body }: Frame): Buffer[] {
  const text = Buffer.from(JSON.stringify(header), "utf8");
  const fixed = Buffer.alloc(FIXED);
  MAGIC.copy(fixed);
  fixed.writeUInt32LE(text.length, 4);
  fixed.writeUInt32LE(body.length, 8);
  fixed.writeUInt32LE(crc32(body, crc32(text)), 12);
  return [fixed, text, body];
}

/** The frames of a segment in order; whatever is no whole frame comes as a gap, and what follows it is found again. */
export function* decodeFrames(bytes: Buffer): Generator<Frame | Gap> {
  let at = 0;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at);
    if (frame) {
      yield frame.frame;
      at = frame.end;
      continue;
    }
    let next = bytes.indexOf(MAGIC, at + 1);
    while (next !== -1 && !frameAt(bytes, next)) next = bytes.indexOf(MAGIC, next + 1);
    const end = next === -1 ? bytes.length : next;
    yield { bytes: end - at, inside: next !== -1 };
    at = end;
  }
}

function frameAt(bytes: Buffer, at: number): { frame: Frame; end: number } | null {
  if (at + FIXED > bytes.length || bytes.compare(MAGIC, 0, MAGIC.length, at, at + MAGIC.length) !== 0) return null;
  const bodyStart = at + FIXED + bytes.readUInt32LE(at + 4);
  const end = bodyStart + bytes.readUInt32LE(at + 8);
  if (end > bytes.length || crc32(bytes.subarray(at + FIXED, end)) !== bytes.readUInt32LE(at + 12)) return null;
  try {
    const header = FrameHeader.parse(JSON.parse(bytes.toString("utf8", at + FIXED, bodyStart)));
    return { frame: { header, body: bytes.subarray(bodyStart, end) }, end };
  } catch {
    return null;
  }
}
