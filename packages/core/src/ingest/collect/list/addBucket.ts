import * as z from "zod";
import { Invalid } from "../../../kernel/index.ts";
import type { DbCtx } from "../../../store/index.ts";
import { folderOf, parseS3Address } from "../../inputs/index.ts";
import { roleName } from "../awsIdentity.ts";
import { parsed } from "../parsed.ts";
import { addListed } from "./addListed.ts";

const shape = z.strictObject({
  source: z.string().max(100),
  address: z.string().regex(/^s3:\/\/[^\p{Cc}]+$/u, "It looks like s3://bucket or s3://bucket/folder").max(500),
  role: roleName.nullable(),
  since: z.date().nullable(),
});

/**
 * Collects the logs of a bucket, or of a folder in it, by listing it again and again.
 * @param input `address`: as a scan takes it; `since`: what was last changed before is left out; null for a day back
 * @returns the collector's id
 * @throws Forbidden, Invalid; NotFound for a source that does not exist; Conflict for what is collected already
 */
export async function addBucket(ctx: DbCtx, input: z.input<typeof shape>): Promise<string> {
  const { address, ...more } = parsed(shape, input);
  const place = parseS3Address(address);
  if (place === undefined) throw new Invalid("This is not an address in S3.", { hint: "It looks like s3://bucket/folder." });
  if (place.bucket.endsWith("--x-s3")) throw new Invalid("This is a directory bucket, whose list has no order to go on in.", { hint: "Have its logs copied to a bucket of the usual kind." });
  return addListed(ctx, { ...more, kind: "s3", url: `s3://${place.bucket}/${folderOf(place)}${place.openEnded ? "*" : ""}`, sealed: () => null });
}
