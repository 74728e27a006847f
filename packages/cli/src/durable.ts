import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "@corduroy/core/lake";

/** Gives a private file (0600) new content in one step, folders included. It is on the disk when this resolves. */
export async function replacePrivateFile(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, content, 0o600);
}
