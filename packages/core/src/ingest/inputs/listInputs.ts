import { Listed } from "./listed.ts";
import { listPath } from "./paths.ts";
import type { ObjectRef, Skipped, Unreadable } from "./reference.ts";
import { isS3Address } from "./s3Address.ts";
import { listS3Input, type S3Scope } from "./s3Input.ts";
import { sharedS3 } from "./s3Store.ts";

/**
 * Finds the objects that the inputs of a scan stand for, each once, also where inputs overlap.
 *
 * - `-` is standard input.
 * - A file, named pipe included, is itself, whatever its name.
 * - A folder is every log below it (`looksLikeLog`), depth first in byte order; links are followed once; hidden files,
 *   CloudTrail digests, sockets, pipes and devices are left out.
 * - A glob pattern (`*`, `**`, `?`, `[a-z]`, `{a,b}`) is every file and folder that matches, unless a path of that very name exists.
 * - `s3://bucket/prefix` is the object of that key and every log in the folder of that name; `s3://bucket/begin*` is every
 *   log whose key begins so. Objects come in no order.
 *
 * Memory grows with the names of one folder and the number of folders, not with the number of files.
 *
 * @param options.since leaves out what was last changed before, and does not even look into day folders of an `AWSLogs`
 * tree that ended before
 * @returns objects as they are found; an `Unreadable` for each thing that cannot be had; after each input a `Skipped` for
 * each reason to leave something out. Never throws for an input.
 */
export async function* listInputs(
  inputs: readonly string[],
  { since }: { since?: Date | undefined } = {},
): AsyncGenerator<ObjectRef | Unreadable | Skipped> {
  const listed = new Listed();
  const s3: S3Scope = { since, now: Date.now(), done: [] };
  let stdin = false;
  for (const input of new Set(inputs)) {
    if (input === "-" || input === "/dev/stdin") {
      if (!stdin) yield { kind: "stdin", location: "stdin", size: null };
      stdin = true;
    } else if (isS3Address(input)) {
      yield* listS3Input(await sharedS3(), input, s3);
    } else {
      yield* listPath(input, since, listed);
    }
  }
}
