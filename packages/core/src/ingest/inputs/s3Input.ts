import { DIGEST, whyNotALog } from "./logNames.ts";
import type { S3Ref, Skipped, Unreadable } from "./reference.ts";
import { folderOf, parseS3Address, type S3Address } from "./s3Address.ts";
import { s3Failure } from "./s3Failure.ts";
import { listS3Prefix, type ListingOptions } from "./s3Listing.ts";
import { listPages } from "./s3Pages.ts";
import type { S3Store } from "./s3Store.ts";
import { tooOld } from "./since.ts";
import { Skips } from "./skips.ts";

export interface S3Scope extends ListingOptions {
  /** Addresses listed to the end before; what they gave is not given again. */
  done: S3Address[];
}

/** Lists the objects that an `s3://` input stands for, each once, also across overlapping inputs. */
export async function* listS3Input(store: S3Store, input: string, scope: S3Scope): AsyncGenerator<S3Ref | Unreadable | Skipped> {
  const address = parseS3Address(input);
  if (address === undefined) {
    yield { location: input, reason: "This is not an address in S3. Write s3://bucket/prefix." };
    return;
  }
  const { bucket, prefix } = address;
  const { since } = scope;
  const skips = new Skips();
  let found = false;
  let complete = true;
  const wanted = (ref: S3Ref): boolean => {
    found = true;
    if (since === undefined || ref.modified >= since.getTime()) return !scope.done.some((before) => covers(before, ref));
    skips.add(tooOld(since), ref.location);
    return false;
  };
  try {
    const named = folderOf(address) === prefix ? undefined : await namedObject(store, address);
    if (named !== undefined && wanted(named)) yield named;
  } catch (error) {
    yield { location: input, reason: s3Failure(error, { doing: "list", bucket, name: prefix }).reason };
    return;
  }
  for await (const find of listS3Prefix(store, bucket, folderOf(address), scope)) {
    if ("passed" in find) {
      skips.add(DIGEST, find.passed);
    } else if ("failed" in find) {
      complete = false;
      yield find.failed;
    } else {
      for (const ref of find.objects) {
        // The empty objects that consoles make for folders.
        if (ref.key.endsWith("/") && ref.size === 0) continue;
        const reason = whyNotALog(ref.key);
        if (reason !== undefined) skips.add(reason, ref.location);
        else if (wanted(ref)) yield ref;
      }
    }
  }
  if (complete) scope.done.push(address);
  if (complete && !found && !skips.any) yield { location: input, reason: nothing(address, since) };
  yield* skips.summaries(input);
}

function nothing({ bucket, prefix }: S3Address, since: Date | undefined): string {
  const age = since === undefined ? "" : `, or nothing since ${since.toISOString()}`;
  return `There is nothing under this address${age}. See what there is with: aws s3 ls s3://${bucket}/ . A * at the end matches the beginning of names${prefix.includes("*") ? ", and only there" : ""}.`;
}

/** The object whose key is the prefix itself. It would be the first of all that begin with it. */
async function namedObject(store: S3Store, { bucket, prefix }: S3Address): Promise<S3Ref | undefined> {
  for await (const { objects } of listPages(store, bucket, { Prefix: prefix, MaxKeys: 1 })) {
    return objects.find(({ key }) => key === prefix);
  }
  return undefined;
}

/** Whether an address that has been listed has given this object. */
function covers(address: S3Address, { bucket, key }: S3Ref): boolean {
  if (address.bucket !== bucket) return false;
  if (!address.openEnded && key === address.prefix) return true;
  return key.startsWith(folderOf(address)) && whyNotALog(key) === undefined;
}
