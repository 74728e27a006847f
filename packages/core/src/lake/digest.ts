import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Read at once: hashing one piece holds the process up for about a millisecond. */
const PIECE = 1024 * 1024;

/** SHA-256 of a file's content, in hexadecimal. @param signal ends the reading: it then throws an AbortError */
export async function digestOf(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: PIECE, signal })) hash.update(piece as Buffer);
  return hash.digest("hex");
}
