import { byteOrder, type Bucket, type StoredObject } from "./buckets.ts";
import { document, type Element } from "./xml.ts";

const MOST = 1000;

/** Answers ListObjectsV2 as S3 documents it: a common prefix counts as one key, and pages never split one. */
export function listObjects(bucket: Bucket, query: Record<string, string>): string {
  const prefix = query["prefix"] ?? "";
  const delimiter = query["delimiter"] ?? "";
  const token = query["continuation-token"];
  const after = token === undefined ? (query["start-after"] ?? "") : fromToken(token);
  const limit = Math.min(Number(query["max-keys"] ?? MOST), MOST);
  const contents: StoredObject[] = [];
  const prefixes: string[] = [];
  let last = "";
  let truncated = false;
  for (const object of bucket.from(byteOrder(after) > byteOrder(prefix) ? after : prefix)) {
    if (!object.key.startsWith(prefix)) break;
    const group = groupOf(object.key, prefix, delimiter);
    const name = group ?? object.key;
    // A token is the last name given, which may be a common prefix; start-after is a key like any other.
    if (byteOrder(token === undefined ? object.key : name) <= byteOrder(after) || name === prefixes.at(-1)) continue;
    if (contents.length + prefixes.length === limit) {
      truncated = true;
      break;
    }
    if (group === undefined) contents.push(object);
    else prefixes.push(group);
    last = name;
  }
  return document(["ListBucketResult", answer()]);

  function answer(): Element[] {
    const encode = query["encoding-type"] === "url" ? toUrl : (text: string) => text;
    return [
      ["Name", bucket.name],
      ["Prefix", encode(prefix)],
      ["Delimiter", delimiter === "" ? undefined : encode(delimiter)],
      ["StartAfter", query["start-after"] === undefined ? undefined : encode(query["start-after"])],
      ["ContinuationToken", token],
      ["NextContinuationToken", truncated ? toToken(last) : undefined],
      ["KeyCount", String(contents.length + prefixes.length)],
      ["MaxKeys", String(limit)],
      ["EncodingType", query["encoding-type"]],
      ["IsTruncated", String(truncated)],
      ...contents.map((object): Element => ["Contents", entry(object, encode)]),
      ...prefixes.map((name): Element => ["CommonPrefixes", [["Prefix", encode(name)]]]),
    ];
  }
}

function entry({ key, modified, etag, body, storageClass }: StoredObject, encode: (text: string) => string): Element[] {
  return [
    ["Key", encode(key)],
    ["LastModified", modified.toISOString()],
    ["ETag", `"${etag}"`],
    ["Size", String(body.length)],
    ["StorageClass", storageClass],
  ];
}

function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** As S3 does it: like a form, but slashes stay. */
function toUrl(text: string): string {
  const encoded = encodeURIComponent(text).replaceAll("%20", "+").replaceAll("%2F", "/");
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function toToken(last: string): string {
  return Buffer.from(last, "utf8").toString("base64");
}

function fromToken(token: string): string {
  return Buffer.from(token, "base64").toString("utf8");
}
