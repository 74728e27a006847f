import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CorduroyError, Invalid, NotFound, Unavailable } from "@corduroy/core/kernel";
import type { Depot } from "./depot.ts";

const ADDRESS = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:\/(.*))?$/is;

/** The SDK would write of a body that it cannot send again itself, which is done below. */
const SILENT = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Backups in a bucket, with the credentials, region and endpoint of the environment as the SDK finds them. Each upload carries its SHA-256, so that S3 refuses
 * what was damaged on the way.
 * @throws Invalid for what is no address
 */
export async function s3Depot(address: string): Promise<Depot> {
  const [, bucket, prefix = ""] = ADDRESS.exec(address) ?? [];
  if (bucket === undefined) throw new Invalid(`${address} is no address in S3.`, { hint: "Write s3://bucket/prefix." });
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ forcePathStyle: Boolean(process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]), followRegionRedirects: true, maxAttempts: 6, logger: SILENT });
  const root = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  const at = (name: string): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: `${root}${name}` });
  return {
    has: async (name, bytes) => {
      try {
        return (await client.send(new HeadObjectCommand(at(name)))).ContentLength === bytes;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw inWords(error, "look for", `s3://${bucket}/${root}${name}`);
      }
    },
    put: async (name, path, digest) => {
      const { size } = await stat(path);
      // A body as a stream cannot be sent again by the SDK; so each try opens the file anew.
      for (let left = 3; ; left--) {
        try {
          await client.send(new PutObjectCommand({ ...at(name), Body: createReadStream(path), ContentLength: size, ChecksumSHA256: Buffer.from(digest, "hex").toString("base64") }));
          return;
        } catch (error) {
          const status = statusOf(error);
          if (left === 1 || (status !== undefined && status < 500)) throw inWords(error, "write", `s3://${bucket}/${root}${name}`);
        }
      }
    },
    get: async (name, path) => {
      try {
        const { Body: body } = await client.send(new GetObjectCommand(at(name)));
        await pipeline(body as Readable, createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }));
      } catch (error) {
        if (statusOf(error) === 404) throw new NotFound(`${name} is missing in ${address}.`, { cause: error });
        throw inWords(error, "read", `s3://${bucket}/${root}${name}`);
      }
    },
    list: async (folder) => {
      const names: string[] = [];
      try {
        for (let token: string | undefined; ; ) {
          const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${root}${folder}`, ...(token !== undefined && { ContinuationToken: token }) }));
          for (const { Key: key = "" } of page.Contents ?? []) names.push(key.slice(root.length));
          token = page.NextContinuationToken;
          if (token === undefined) return names;
        }
      } catch (error) {
        throw inWords(error, "list", `s3://${bucket}/${root}${folder}`);
      }
    },
  };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Only the error's name is shown: its text may quote keys or tokens. */
function inWords(error: unknown, doing: string, location: string): CorduroyError {
  if (error instanceof CorduroyError) return error;
  const { name } = error as { name?: unknown };
  const status = statusOf(error);
  const plain = typeof name === "string" && /^[A-Za-z0-9_.-]{1,80}$/.test(name) ? name : "unknown error";
  return new Unavailable(`S3 did not let us ${doing} ${location} (${plain}${status === undefined ? "" : `, status ${status}`}).`, {
    hint: "The identity in use needs s3:ListBucket on the bucket, s3:GetObject and s3:PutObject below the prefix. Set AWS_PROFILE or AWS_REGION, and run the command again: what was sent is not sent twice.",
    cause: error,
  });
}
