import type { ListObjectsV2CommandInput, _Object as ListedObject } from "@aws-sdk/client-s3";
import type { S3Ref } from "./reference.ts";
import type { S3Store } from "./s3Store.ts";

/** One answer to a listing: objects in key order, the folders where a delimiter was given, and whether there is more. */
export interface ListedPage {
  objects: S3Ref[];
  folders: string[];
  more: boolean;
}

/**
 * The pages of one listing, asked for one after the other.
 *
 * @throws the SDK's error when a page cannot be had, and an error when the store says that there is more but not where: a
 * listing never ends early in silence
 */
export async function* listPages(
  store: S3Store,
  bucket: string,
  query: Omit<ListObjectsV2CommandInput, "Bucket">,
): AsyncGenerator<ListedPage> {
  let token: string | undefined;
  do {
    // Keys may hold characters that XML cannot, so they come percent-encoded.
    const page = token === undefined ? {} : { ContinuationToken: token };
    const answer = await store.list({ ...query, ...page, Bucket: bucket, EncodingType: "url" });
    const decode = answer.EncodingType === "url" ? fromUrl : (text: string) => text;
    const more = answer.IsTruncated === true;
    const next = more ? answer.NextContinuationToken : undefined;
    if (more && (next === undefined || next === token)) throw Object.assign(new Error(), { name: "ListingWithoutNextPage" });
    yield {
      objects: (answer.Contents ?? []).map((object) => reference(bucket, decode(object.Key ?? ""), object)),
      folders: (answer.CommonPrefixes ?? []).map(({ Prefix }) => decode(Prefix ?? "")),
      more,
    };
    token = next;
  } while (token !== undefined);
}

const ARCHIVES = new Set<string | undefined>(["GLACIER", "DEEP_ARCHIVE"]);

function reference(bucket: string, key: string, { Size, ETag, LastModified, StorageClass }: ListedObject): S3Ref {
  return {
    kind: "s3",
    location: `s3://${bucket}/${key}`,
    bucket,
    key,
    size: Size ?? 0,
    version: (ETag ?? "").replaceAll('"', ""),
    modified: LastModified?.getTime() ?? 0,
    ...(ARCHIVES.has(StorageClass) && { archived: true }),
  };
}

function fromUrl(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
