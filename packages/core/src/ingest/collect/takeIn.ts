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
  /** Objects that are being taken in, of whatever collector: whoever else is told of one waits for the first. */
  underWay: Map<string, Promise<string | null>>;
}

/** What it takes to bring in an object that a message names. */
export interface NotifiedIntake extends Intake {
  store: S3Store;
  /** Keys for whoever reads the object; null for the credentials of the environment. */
  keys: (() => Promise<AwsKeys>) | null;
}

/** This object could not be read; others may well be. */
export class NotRead extends Unavailable {}

/**
 * Brings an object that a message names into the lake, unless it is there or holds no log.
 * @returns what is wrong and cannot be helped: it was deleted, or a part of it is damaged; null when nothing is
 * @throws Unavailable when it is to be tried again: access is denied, S3 cannot be reached, it changes while it is read
 */
export function takeInNotified(intake: NotifiedIntake, object: NotifiedObject): Promise<string | null> {
  if (object.key.endsWith("/") || whyNotALog(object.key) !== undefined) return Promise.resolve(null);
  return takeIn(intake, `s3://${object.bucket}/${object.key}`, () => lookAt(intake, object));
}

/**
 * Brings an object into the lake, unless this version of it is there.
 * @param look says what is at the location; null where nothing is any more
 * @returns what is wrong and cannot be helped, as `takeInNotified`
 * @throws NotRead; and what `look` throws
 */
export function takeIn(intake: Intake, location: string, look: () => Promise<S3Ref | null>): Promise<string | null> {
  const known = intake.underWay.get(location);
  // The object may have been written anew since that read began; if it was not, looking again is one request.
  if (known) return known.then(() => takeIn(intake, location, look), () => takeIn(intake, location, look));
  const taken = read(intake, location, look).finally(() => intake.underWay.delete(location));
  intake.underWay.set(location, taken);
  return taken;
}

async function read({ db, ingest }: Intake, location: string, look: () => Promise<S3Ref | null>): Promise<string | null> {
  const ref = await look();
  if (ref === null) return `${location} was deleted before it was read, and its events are lost to Corduroy.`;
  const done = async (): Promise<boolean> => (await objectsAt(db, [location])).some((each) => each.version === ref.version && each.done);
  if (await done()) return null;
  const [damage] = await ingest.read({ kind: "object", id: newBatchId(new Date()), ref }).catch((error: unknown) => {
    throw new NotRead(`${location}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  if (await done()) return damage ? `${location}: ${damage.reason}` : null;
  throw new NotRead(damage?.reason ?? `${location} was not read to its end.`);
}

/** What is there now counts, not what the message says of it: messages come late, twice, and in any order. */
async function lookAt({ store, keys }: NotifiedIntake, { bucket, key }: NotifiedObject): Promise<S3Ref | null> {
  const head = await store.head({ Bucket: bucket, Key: key }).catch((error: unknown) => {
    if (statusOf(error) === 404) return null;
    throw new Unavailable(s3Failure(error, { doing: "read", bucket, name: key }).reason, { cause: error });
  });
  if (head === null) return null;
  const version = (head.ETag ?? "").replaceAll('"', "");
  return { kind: "s3", location: `s3://${bucket}/${key}`, bucket, key, size: head.ContentLength ?? 0, version, modified: head.LastModified?.getTime() ?? 0, ...(keys !== null && { keys: await keys() }) };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
