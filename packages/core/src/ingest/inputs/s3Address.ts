/** What an `s3://` input asks for. `openEnded` is set by a `*` at the end: then the prefix need not end at a slash. */
export interface S3Address {
  bucket: string;
  prefix: string;
  openEnded: boolean;
}

const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;

export function isS3Address(input: string): boolean {
  return /^s3:\/\//i.test(input);
}

/**
 * Takes `s3://bucket`, `s3://bucket/folder`, `s3://bucket/one/object.json.gz` or `s3://bucket/begin*` apart.
 * A prefix without `*` means the object of that key and what lies in the folder of that name, never `AWSLogs-old` for
 * `AWSLogs`.
 *
 * @returns undefined when the bucket's name cannot be one
 */
export function parseS3Address(input: string): S3Address | undefined {
  const rest = input.slice("s3://".length);
  const slash = rest.indexOf("/");
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const key = slash < 0 ? "" : rest.slice(slash + 1);
  if (!BUCKET.test(bucket)) return undefined;
  const openEnded = key.endsWith("*");
  return { bucket, prefix: openEnded ? key.slice(0, -1) : key, openEnded };
}

/** The prefix that everything under an address starts with; its exact key, if it names one object, aside. */
export function folderOf(address: S3Address): string {
  return address.openEnded || address.prefix === "" || address.prefix.endsWith("/") ? address.prefix : `${address.prefix}/`;
}
