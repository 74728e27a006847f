import { createHash } from "node:crypto";

/** What to store: a body alone, or a body with what S3 would remember about it. */
export type ObjectSource =
  | string
  | Uint8Array
  | {
      body: string | Uint8Array;
      /** Last change; the start of 2026-11-01 UTC where nothing is said. S3 keeps whole seconds. */
      modified?: Date;
      /** `STANDARD` where nothing is said. `GLACIER` and `DEEP_ARCHIVE` cannot be read. */
      storageClass?: string;
    };

export interface StoredObject {
  key: string;
  body: Buffer;
  etag: string;
  modified: Date;
  storageClass: string;
}

const EARLIEST = new Date("2026-11-01T00:00:00Z");

/** The objects of one bucket, in the order in which S3 lists them: by the UTF-8 bytes of their keys. */
export class Bucket {
  readonly #objects = new Map<string, StoredObject>();
  #sorted: { sortKey: string; object: StoredObject }[] | undefined;

  constructor(
    readonly name: string,
    readonly region: string,
  ) {}

  put(key: string, source: ObjectSource): void {
    const given = typeof source === "string" || source instanceof Uint8Array ? { body: source } : source;
    const body = Buffer.from(given.body);
    const modified = new Date(Math.floor((given.modified ?? EARLIEST).getTime() / 1000) * 1000);
    const etag = createHash("md5").update(body).digest("hex");
    this.#objects.set(key, { key, body, etag, modified, storageClass: given.storageClass ?? "STANDARD" });
    this.#sorted = undefined;
  }

  remove(key: string): void {
    this.#objects.delete(key);
    this.#sorted = undefined;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** The objects from the first whose key is not below `key` on. */
  *from(key: string): Generator<StoredObject> {
    this.#sorted ??= [...this.#objects.values()].map((object) => ({ sortKey: byteOrder(object.key), object })).sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    const sorted = this.#sorted;
    const wanted = byteOrder(key);
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.sortKey ?? "") < wanted) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < sorted.length; at++) {
      const entry = sorted[at];
      if (entry) yield entry.object;
    }
  }
}

/** A string whose UTF-16 order is the order of the key's UTF-8 bytes. */
export function byteOrder(key: string): string {
  return Buffer.from(key, "utf8").toString("latin1");
}
