import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Bucket, type ObjectSource } from "./buckets.ts";
import type { Fault } from "./faults.ts";
import { getObject, type Answer } from "./getObject.ts";
import { listObjects } from "./listing.ts";
import { readRequest, type S3Request } from "./request.ts";
import { document } from "./xml.ts";

export interface FakeS3Options {
  /** Buckets by name, with their objects by key. */
  buckets: Record<string, { region?: string; objects?: Record<string, ObjectSource> }>;
  /** Asked before each request is answered, with the ordinal, the operation and everything else known of it. */
  fault?: (request: S3Request) => Fault | undefined;
}

export interface FakeS3 {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** The only keys that are accepted. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** Variables that make any AWS SDK or tool talk to this server. */
  readonly env: Record<string, string>;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly S3Request[];
  put(bucket: string, key: string, source: ObjectSource): void;
  remove(bucket: string, key: string): void;
  /** Replaces what goes wrong from now on; without an argument, nothing. */
  fail(fault?: (request: S3Request) => Fault | undefined): void;
  stop(): Promise<void>;
}

const REGION = "us-east-1";

/**
 * Starts an S3 on a free port of the loopback interface, for as long as a test needs it.
 *
 * Path-style addresses only. Requests must be signed with Signature Version 4, with the right access key, and for the
 * bucket's region (else 301 with `x-amz-bucket-region`, as S3 answers); the signature itself is not recomputed.
 * ListObjectsV2, GetObject, HeadObject, PutObject with its SHA-256, HeadBucket and GetBucketLocation as in the S3 API reference, version 2006-03-01.
 */
export async function fakeS3(options: FakeS3Options): Promise<FakeS3> {
  const buckets = new Map<string, Bucket>();
  for (const [name, { region = REGION, objects = {} }] of Object.entries(options.buckets)) {
    const bucket = new Bucket(name, region);
    for (const [key, source] of Object.entries(objects)) bucket.put(key, source);
    buckets.set(name, bucket);
  }
  const credentials = { accessKeyId: "AKIAFAKEFAKEFAKEFAKE", secretAccessKey: "not-a-secret" };
  const requests: S3Request[] = [];
  let { fault } = options;

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = readRequest(message, requests.length + 1);
    requests.push(request);
    const body = await bodyOf(message);
    const wrong = fault?.(request);
    if (wrong?.kind === "hold") await wrong.until;
    if (wrong?.kind === "reset") {
      message.socket.destroy();
      return;
    }
    const answer = wrong?.kind === "error" ? wrong : answerTo(request, buckets.get(request.bucket), credentials.accessKeyId, { body, sha256: message.headers["x-amz-checksum-sha256"] });
    send(response, answer, message.method === "HEAD", wrong?.kind === "cut" ? wrong.after : undefined);
  };
  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const existing = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`The fake has no bucket ${name}`);
    return bucket;
  };

  return {
    endpoint,
    credentials,
    requests,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: REGION,
    },
    put: (bucket, key, source) => existing(bucket).put(key, source),
    remove: (bucket, key) => existing(bucket).remove(key),
    fail: (next) => {
      fault = next;
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function answerTo(request: S3Request, bucket: Bucket | undefined, accessKeyId: string, sent: { body: Buffer; sha256: string | string[] | undefined }): Answer {
  if (request.signed === undefined) return { status: 403, code: "AccessDenied" };
  if (request.signed.accessKeyId !== accessKeyId) return { status: 403, code: "InvalidAccessKeyId" };
  if (bucket === undefined) return { status: 404, code: "NoSuchBucket" };
  const headers = { "x-amz-bucket-region": bucket.region };
  if (request.operation === "GetBucketLocation") {
    const constraint = bucket.region === REGION ? "" : bucket.region;
    return { status: 200, body: document(["LocationConstraint", constraint]), headers };
  }
  if (request.signed.region !== bucket.region) return { status: 301, code: "PermanentRedirect", headers };
  if (request.operation === "ListObjectsV2") {
    return { status: 200, body: listObjects(bucket, request.query), headers: { ...headers, "content-type": "application/xml" } };
  }
  if (request.operation === "GetObject" || request.operation === "HeadObject") return getObject(bucket, request);
  if (request.operation === "PutObject") {
    if (sent.sha256 !== undefined && sent.sha256 !== createHash("sha256").update(sent.body).digest("base64")) return { status: 400, code: "BadDigest" };
    bucket.put(request.key, sent.body);
    return { status: 200, body: "", headers };
  }
  if (request.operation === "HeadBucket") return { status: 200, body: "", headers };
  return { status: 501, code: "NotImplemented" };
}

function send(response: ServerResponse, answer: Answer, headOnly: boolean, cut: number | undefined): void {
  const failed = "code" in answer;
  const text = failed ? document(["Error", [["Code", answer.code], ["Message", `The fake answers ${answer.code}`], ["RequestId", "0"]]]) : answer.body;
  const body = Buffer.from(text);
  response.writeHead(answer.status, { ...(failed ? { "content-type": "application/xml" } : {}), ...answer.headers, "content-length": body.length });
  if (headOnly) {
    response.end();
  } else if (cut !== undefined && cut < body.length) {
    response.write(body.subarray(0, cut), () => response.destroy());
    if (cut === 0) response.flushHeaders();
  } else {
    response.end(body);
  }
}
