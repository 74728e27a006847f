import { createHash } from "node:crypto";

/** A digest of an object's stored bytes, and of its first `length` bytes for each length asked about. */
export interface Fingerprint {
  /** SHA-256 in hex. */
  version: string;
  bytes: number;
  prefixes: Map<number, string>;
}

/** Digests a stream once; a grown file shows the digest of its former self as a prefix. */
export async function fingerprint(chunks: AsyncIterable<Buffer>, lengths: readonly number[]): Promise<Fingerprint> {
  const hash = createHash("sha256");
  const wanted = [...new Set(lengths)].sort((a, b) => a - b);
  const prefixes = new Map<number, string>();
  let bytes = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (wanted.length > 0 && wanted[0]! <= bytes + chunk.length) {
      const until = wanted.shift()! - bytes;
      hash.update(chunk.subarray(at, until));
      at = until;
      prefixes.set(bytes + until, hash.copy().digest("hex"));
    }
    hash.update(chunk.subarray(at));
    bytes += chunk.length;
  }
  return { version: hash.digest("hex"), bytes, prefixes };
}
