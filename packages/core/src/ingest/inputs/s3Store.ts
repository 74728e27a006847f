import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  S3Client,
  S3ClientConfig,
} from "@aws-sdk/client-s3";
import type { AwsKeys } from "./reference.ts";

/** The requests that reading logs takes. Errors are the SDK's, after retries; `s3Failure` puts them into words. */
export interface S3Store {
  list(input: ListObjectsV2CommandInput & { Bucket: string }): Promise<ListObjectsV2CommandOutput>;
  get(input: GetObjectCommandInput & { Bucket: string }): Promise<GetObjectCommandOutput>;
  head(input: { Bucket: string; Key: string }): Promise<HeadObjectCommandOutput>;
  /** Waits before the `retry`-th (from 1) further try of something the SDK does not retry by itself. */
  pause(retry: number): Promise<void>;
}

export interface S3Settings {
  /** What differs from the environment: the endpoint and credentials of a test. */
  config?: S3ClientConfig;
  /** Milliseconds to wait before the `retry`-th retry, from 1. */
  backoff?: (retry: number) => number;
}

const ATTEMPTS = 10;
const FALLBACK_REGION = "us-east-1";
const REGION = /^[a-z0-9-]{1,40}$/;

/** Exponential with full jitter, 20 seconds at most: some two minutes in ten attempts, the time S3 takes to scale a busy prefix. */
function jittered(retry: number): number {
  return Math.random() * Math.min(20_000, 200 * 2 ** retry);
}

/**
 * Connects with the credentials, region and endpoint of the environment (variables, profile, single sign-on, role of the
 * machine), as the SDK finds them. Loads the SDK, which is why no other file may import it.
 */
export async function connectS3({ config = {}, backoff = jittered }: S3Settings = {}): Promise<S3Store> {
  // The SDK warns on every start that its later versions will want a newer Node. That is for us to know, who pin its version.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { S3Client, ListObjectsV2Command, GetObjectCommand, HeadObjectCommand } = await import("@aws-sdk/client-s3");
  const common: S3ClientConfig = {
    retryStrategy: patientRetries(backoff),
    // Bodies are cut and resumed, and lengths compared; a checksum of the whole cannot be had for a part.
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true, socketTimeout: 60_000 },
    // A bucket's name as part of the host name does not resolve where the endpoint is somebody's own.
    forcePathStyle: Boolean(process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"] ?? config.endpoint),
    ...config,
  };
  const first = new S3Client(common);
  const home = await first.config.region().catch(() => FALLBACK_REGION);
  const clients = new Map<string, S3Client>();
  const regions = new Map<string, string>();

  const clientIn = (region: string): S3Client => {
    let client = clients.get(region);
    if (client === undefined) {
      client = new S3Client({ ...common, region, credentials: first.config.credentials });
      clients.set(region, client);
    }
    return client;
  };
  // The SDK's own followRegionRedirects changes the client's region while other requests are under way, and asks the wrong
  // region first every time. Here a bucket's region is learnt once.
  const inRegion = async <T>(bucket: string, send: (client: S3Client) => Promise<T>): Promise<T> => {
    const tried = regions.get(bucket) ?? home;
    try {
      return await send(clientIn(tried));
    } catch (error) {
      const actual = bucketRegion(error);
      if (actual === undefined || actual === tried) throw error;
      regions.set(bucket, actual);
      return send(clientIn(actual));
    }
  };
  return {
    list: (input) => inRegion(input.Bucket, (client) => client.send(new ListObjectsV2Command(input))),
    get: (input) => inRegion(input.Bucket, (client) => client.send(new GetObjectCommand(input))),
    head: (input) => inRegion(input.Bucket, (client) => client.send(new HeadObjectCommand(input))),
    pause: (retry) => new Promise((resume) => setTimeout(resume, backoff(retry))),
  };
}

let shared: Promise<S3Store> | undefined;
let assumed: { token: string; store: Promise<S3Store> } | undefined;

/** The connection that one process shares, made at first use; one more for the latest keys of an assumed role. */
export function sharedS3(keys?: AwsKeys): Promise<S3Store> {
  if (keys === undefined) return (shared ??= connectS3());
  if (assumed?.token !== keys.sessionToken) assumed = { token: keys.sessionToken, store: connectS3({ config: { credentials: keys } }) };
  return assumed.store;
}

/** The region that a refused request should have gone to, if the answer names it. */
function bucketRegion(error: unknown): string | undefined {
  const { $response: response, $metadata: metadata } = error as {
    $response?: { headers?: Record<string, string> };
    $metadata?: { httpStatusCode?: number };
  };
  const status = metadata?.httpStatusCode;
  const region = response?.headers?.["x-amz-bucket-region"];
  return (status === 301 || status === 307 || status === 400) && region !== undefined && REGION.test(region) ? region : undefined;
}

const token = (count: number, delay: number) => ({ getRetryCount: () => count, getRetryDelay: () => delay });

/** Tries again whatever may pass (throttling, server errors, broken connections), each request by itself, without a shared budget. */
function patientRetries(backoff: (retry: number) => number): NonNullable<S3ClientConfig["retryStrategy"]> {
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry: (before, { errorType }) => {
      const retry = before.getRetryCount() + 1;
      const pointless = errorType === "CLIENT_ERROR" || retry >= ATTEMPTS;
      return pointless ? Promise.reject(new Error("No further attempt")) : Promise.resolve(token(retry, backoff(retry)));
    },
    recordSuccess: () => {},
  };
}
