import { stat } from "node:fs/promises";
import { Unavailable } from "@corduroy/core/kernel";
import { digestOf } from "@corduroy/core/lake";
import type { Depot } from "./depot.ts";
import { objectName, type StoredFile } from "./manifest.ts";

/** Stores files under their digests; what is there is not sent again. */
export class Sender {
  bytes = 0;
  sent = 0;

  constructor(private readonly depot: Depot) {}

  /**
   * @param path of a file that nobody writes to
   * @param known the digest, where somebody has stated it: the file must have it
   * @throws Unavailable when it does not
   */
  async send(path: string, known?: string): Promise<StoredFile> {
    const { size: bytes } = await stat(path);
    if (known !== undefined && (await this.depot.has(objectName(known), bytes))) {
      this.bytes += bytes;
      return { digest: known, bytes };
    }
    const digest = await digestOf(path);
    if (known !== undefined && digest !== known) throw new Unavailable(`${path} is damaged: it is not what was written once.`, { hint: "Restore this file from an earlier backup; a backup does not pass damage on." });
    if (!(await this.depot.has(objectName(digest), bytes))) {
      await this.depot.put(objectName(digest), path, digest);
      this.sent += bytes;
    }
    this.bytes += bytes;
    return { digest, bytes };
  }
}
