import zlib from "node:zlib";
import { Decompress as ZstdDecompress } from "fzstd";

/**
 * What one source object may unpack to. A working gz of CloudTrail unpacks 8 to 30 times; a bomb a thousand times.
 * The ratio counts only once `freeBytes` were unpacked, so that small, very repetitive files pass.
 */
export const UNPACK_LIMITS = { freeBytes: 256 * 1024 * 1024, ratio: 200, bytes: 64 * 1024 ** 3 };

/** Compressed input is fed in slices of this size, so that one step unpacks at most 1032 times as much (deflate's own limit). */
const STEP = 16 * 1024;
/** Plain chunks are handed on in about this size: few enough to be cheap, small enough to keep memory flat. */
const CHUNK = 1024 * 1024;

type Packing = "gz" | "zst" | "plain";

function packingOf(head: Buffer): Packing {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return "gz";
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return "zst";
  return "plain";
}

/** Whether something that begins so is unpacked before it is read. */
export const isPacked = (head: Buffer): boolean => packingOf(head) !== "plain";

/** Unpacks step by step: `push` gives what one slice of input unpacks to, `finish` throws when the input was cut short. */
interface Unpacker {
  push(slice: Buffer): Promise<Buffer[]>;
  finish(): Promise<Buffer[]>;
}

function gunzipper(): Unpacker {
  const stream = zlib.createGunzip({ chunkSize: 64 * 1024 });
  let out: Buffer[] = [];
  let failure: Error | null = null;
  /** Behind the last member something else follows: the stream ends by itself, and never answers a write again. */
  let ended = false;
  stream.on("data", (chunk: Buffer) => out.push(chunk));
  stream.on("end", () => (ended = true));
  stream.on("error", (error) => (failure = error));
  const take = (): Buffer[] => {
    const taken = out;
    out = [];
    return taken;
  };
  const step = (run: (done: () => void) => void): Promise<Buffer[]> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        stream.off("error", settle).off("end", settle);
        if (failure && out.length === 0) reject(failure);
        else resolve(take());
      };
      if (failure || ended) return settle();
      stream.once("error", settle).once("end", settle);
      run(settle);
    });
  return {
    push: (slice) => step((done) => stream.write(slice, () => done())),
    // After `end` the last output arrives before 'end'; a cut file raises 'error' instead.
    finish: async () => {
      const rest = await step(() => stream.end());
      if (failure !== null) throw failure;
      return rest;
    },
  };
}

function unzstd(): Unpacker {
  let out: Buffer[] = [];
  const stream = new ZstdDecompress((chunk) => out.push(Buffer.from(chunk)));
  const take = (): Buffer[] => {
    const taken = out;
    out = [];
    return taken;
  };
  return {
    push: async (slice) => {
      stream.push(slice, false);
      return take();
    },
    finish: async () => {
      stream.push(new Uint8Array(0), true);
      return take();
    },
  };
}

function plainly(error: unknown, packing: Packing): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/unexpected end|unexpected EOF/i.test(text)) return `the ${packing} data is cut short: everything before the cut was read`;
  return `the ${packing} data is damaged (${text}): everything before the damage was read`;
}

/**
 * Unpacks one source object: gz and zst are told by their first bytes (RFC 1952, RFC 8878), anything else passes as it is.
 * @param input the object's bytes as stored
 * @param onDamage called at most once with a sentence when the data ends early, is corrupt or looks like a bomb;
 *   whatever was unpacked before is still handed on
 * @yields plain bytes in chunks of about 1 MiB
 */
export async function* decompress(input: AsyncIterable<Buffer>, onDamage: (reason: string) => void): AsyncGenerator<Buffer> {
  let packing: Packing | null = null;
  let unpacker: Unpacker | null = null;
  let head = Buffer.alloc(0);
  let taken = 0;
  let given = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const add = (chunks: Buffer[]): string | null => {
    for (const chunk of chunks) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      given += chunk.length;
    }
    if (given > UNPACK_LIMITS.bytes) return `it unpacks to more than ${UNPACK_LIMITS.bytes / 1024 ** 3} GiB: the rest was not read`;
    if (given > UNPACK_LIMITS.freeBytes && given > taken * UNPACK_LIMITS.ratio)
      return `it unpacks to more than ${UNPACK_LIMITS.ratio} times its size, like a decompression bomb: the rest was not read`;
    return null;
  };
  const flush = (): Buffer => {
    const chunk = pending.length === 1 ? pending[0]! : Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    return chunk;
  };

  async function* unpack(bytes: Buffer): AsyncGenerator<Buffer, boolean> {
    for (let at = 0; at < bytes.length; at += STEP) {
      const slice = bytes.subarray(at, at + STEP);
      taken += slice.length;
      try {
        const stop = add(await unpacker!.push(slice));
        if (stop) {
          onDamage(stop);
          return false;
        }
      } catch (error) {
        onDamage(plainly(error, packing!));
        return false;
      }
      if (pendingBytes >= CHUNK) yield flush();
    }
    return true;
  }

  for await (const piece of input) {
    let bytes = piece;
    if (packing === null) {
      head = Buffer.concat([head, piece]);
      if (head.length < 4) continue;
      packing = packingOf(head);
      unpacker = packing === "gz" ? gunzipper() : packing === "zst" ? unzstd() : null;
      bytes = head;
    }
    if (unpacker === null) {
      pending.push(bytes);
      pendingBytes += bytes.length;
      if (pendingBytes >= CHUNK) yield flush();
    } else if (!(yield* unpack(bytes))) {
      if (pendingBytes > 0) yield flush();
      return;
    }
  }
  if (packing === null && head.length > 0) yield head;
  if (unpacker) {
    try {
      add(await unpacker.finish());
    } catch (error) {
      onDamage(plainly(error, packing!));
    }
  }
  if (pendingBytes > 0) yield flush();
}

/** What the quick road may unpack to. */
const WHOLE_BYTES = 64 * 1024 * 1024;

/**
 * The quick road for a small gz that is held in memory: one synchronous call, 2 to 3 times faster than the stream. A damaged one gives
 * every byte in front of the damage, where the stream may lose its last 64 KiB.
 * @returns the plain bytes, and a sentence when there are fewer than there should be; null when it is not gz or unpacks to more than
 *   64 MiB (take `decompress` then)
 */
export function gunzipWhole(bytes: Buffer): { plain: Buffer; damage: string | null } | null {
  if (packingOf(bytes) !== "gz") return null;
  try {
    return { plain: zlib.gunzipSync(bytes, { chunkSize: outputSize(bytes), maxOutputLength: WHOLE_BYTES }), damage: null };
  } catch (error) {
    const plain = plainBefore(bytes);
    return plain && { plain, damage: plainly(error, "gz") };
  }
}

/**
 * How much room to make at once: a gz tells at its end what it unpacks to (RFC 1952, ISIZE). It may lie, so it is only a size to begin
 * with. A megabyte for every file of a few kilobytes made the garbage collector a quarter of the work.
 */
function outputSize(bytes: Buffer): number {
  const told = bytes.length >= 18 ? bytes.readUInt32LE(bytes.length - 4) : 0;
  return Math.min(Math.max(told + 64, 16 * 1024), 16 * CHUNK);
}

/** What the longest undamaged beginning of a gz unpacks to. A flush at its end asks for all output and does not mind the cut. */
function plainBefore(bytes: Buffer): Buffer | null {
  let plain: Buffer = Buffer.alloc(0);
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    // The whole first: most damaged files are only cut.
    const length = bad > bytes.length ? bytes.length : (good + bad) >> 1;
    try {
      plain = zlib.gunzipSync(bytes.subarray(0, length), { chunkSize: CHUNK, maxOutputLength: WHOLE_BYTES, finishFlush: zlib.constants.Z_SYNC_FLUSH });
      good = length;
    } catch (error) {
      if (error instanceof RangeError) return null;
      bad = length;
    }
  }
  return plain;
}
