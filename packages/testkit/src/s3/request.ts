import type { IncomingMessage } from "node:http";

export type S3Operation = "ListObjectsV2" | "GetObject" | "HeadObject" | "PutObject" | "HeadBucket" | "GetBucketLocation" | "Unsupported";

/** One request as the fake understood it. */
export interface S3Request {
  /** Ordinal since the start, from 1. */
  n: number;
  operation: S3Operation;
  bucket: string;
  /** Empty for requests about a bucket. */
  key: string;
  query: Record<string, string>;
  /** The `Range` header, such as `bytes=10-`. */
  range: string | undefined;
  /** The `If-Match` header. */
  ifMatch: string | undefined;
  /** The session token of temporary keys. */
  token: string | undefined;
  /** The signature's access key and region; undefined when the request is not signed with Signature Version 4. */
  signed: { accessKeyId: string; region: string } | undefined;
}

const CREDENTIAL = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/[0-9]{8}\/([a-z0-9-]+)\/s3\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=[0-9a-f]{64}$/;

/** Reads a path-style request (`/bucket/key?query`). */
export function readRequest(message: IncomingMessage, n: number): S3Request {
  const [path = "/", search = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const [, bucket = "", encodedKey = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const key = decodeURIComponent(encodedKey);
  const query = Object.fromEntries(new URLSearchParams(search));
  return {
    n,
    operation: operation(message.method ?? "", key, query),
    bucket,
    key,
    query,
    range: message.headers.range,
    ifMatch: message.headers["if-match"],
    token: headerOf(message, "x-amz-security-token"),
    signed: signature(message),
  };
}

function operation(method: string, key: string, query: Record<string, string>): S3Operation {
  if (method === "HEAD") return key === "" ? "HeadBucket" : "HeadObject";
  if (method === "PUT" && key !== "") return "PutObject";
  if (method !== "GET") return "Unsupported";
  if (key !== "") return "GetObject";
  if ("location" in query) return "GetBucketLocation";
  return query["list-type"] === "2" ? "ListObjectsV2" : "Unsupported";
}

function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === "string" ? value : undefined;
}

function signature(message: IncomingMessage): S3Request["signed"] {
  const [, accessKeyId, region, headers = ""] = CREDENTIAL.exec(message.headers.authorization ?? "") ?? [];
  if (accessKeyId === undefined || region === undefined) return undefined;
  const names = headers.split(";");
  const complete = ["host", "x-amz-date", "x-amz-content-sha256"].every((name) => names.includes(name) && message.headers[name] !== undefined);
  return complete ? { accessKeyId, region } : undefined;
}
