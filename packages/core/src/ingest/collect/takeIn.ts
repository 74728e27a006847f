import { Unavailable } from "../../kernel/index.ts";
import { newBatchId, objectsAt } from "../../lake/index.ts";
import type { Db } from "../../store/index.ts";
import { s3Failure, whyNotALog, type AwsKeys, type S3Ref, type S3Store } from "../inputs/index.ts";
import type { Ingest } from "../service/service.ts";
import type { NotifiedObject } from "./notification.ts";

/** What it takes to bring an object into the lake. */
export interface Intake {
  db: Db;
  ingest: Pick<Ingest, "read">;
  store: S3Store;
  /** Keys for whoever reads the object; null for the credentials of the environment. */
  keys: (() => Promise<AwsKeys>) | null;
  /** Objects that are being taken in: a second message about one waits for the first. */
  underWay: Map<string, Promise<string | null>>;
}

/**
 * Brings an object into the lake, unless it is there or holds no log.
 * @returns what is wrong and cannot be helped: it was deleted, or a part of it is damaged; null when nothing is
 * @throws Unavailable when it is to be tried again: access is denied, S3 cannot be reached, it changes while it is read
 */
export function takeIn(intake: Intake, object: NotifiedObject): Promise<string | null> {
  const location = `s3://${object.bucket}/${object.key}`;
  if (object.key.endsWith("/") || whyNotALog(object.key) !== undefined) return Promise.resolve(null);
  const known = intake.underWay.get(location);
  // The object may have been written anew since that read began; if it was not, looking again is one request.
  if (known) return known.then(() => takeIn(intake, object), () => takeIn(intake, object));
  const taken = read(intake, object, location).finally(() => intake.underWay.delete(location));
  intake.underWay.set(location, taken);
  return taken;
}

async function read({ db, ingest, store, keys }: Intake, { bucket, key }: NotifiedObject, location: string): Promise<string | null> {
  // What is there now counts, not what the message says of it: messages come late, twice, and in any order.
  const head = await store.head({ Bucket: bucket, Key: key }).catch((error: unknown) => {
    if (statusOf(error) === 404) return null;
    throw new Unavailable(s3Failure(error, { doing: "read", bucket, name: key }).reason, { cause: error });
  });
  if (head === null) return `${location} was deleted before it was read, and its events are lost to Corduroy.`;
  const version = (head.ETag ?? "").replaceAll('"', "");
  const done = async (): Promise<boolean> => (await objectsAt(db, [location])).some((each) => each.version === version && each.done);
  if (await done()) return null;
  const ref: S3Ref = { kind: "s3", location, bucket, key, size: head.ContentLength ?? 0, version, modified: head.LastModified?.getTime() ?? 0, ...(keys !== null && { keys: await keys() }) };
  const [damage] = await ingest.read({ kind: "object", id: newBatchId(new Date()), ref });
  if (await done()) return damage ? `${location}: ${damage.reason}` : null;
  throw new Unavailable(damage?.reason ?? `${location} was not read to its end.`);
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
