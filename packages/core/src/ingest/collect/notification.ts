import * as z from "zod";
import { Invalid } from "../../kernel/index.ts";

/** An object that a message says was made. */
export interface NotifiedObject {
  bucket: string;
  key: string;
}

/** What SQS carries at most, with room for its growth. */
const LONGEST = 1024 * 1024;
const OBJECTS = 1_000;
/** SNS and EventBridge may stand around each other, never deeper than this. */
const WRAPPINGS = 3;

const Bucket = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/);
const Key = z.string().min(1).max(3_072);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html; keys are encoded as in a form. */
const FromS3 = z.object({ Records: z.array(z.object({ eventSource: z.literal("aws:s3"), eventName: z.string(), s3: z.object({ bucket: z.object({ name: Bucket }), object: z.object({ key: Key }) }) })).max(OBJECTS) });
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; keys come as they are. */
const FromEventBridge = z.object({ source: z.literal("aws.s3"), "detail-type": z.string(), detail: z.object({ bucket: z.object({ name: Bucket }), object: z.object({ key: Key }) }) });
/** What CloudTrail itself tells a topic; keys come as they are. */
const FromCloudTrail = z.object({ s3Bucket: Bucket, s3ObjectKey: z.array(Key).max(OBJECTS) });
const FromSns = z.object({ Type: z.literal("Notification"), Message: z.string() });
const TestEvent = z.object({ Event: z.literal("s3:TestEvent") });

/**
 * The objects that a message of the queue announces, in its order: as S3 sends it, or wrapped by SNS or EventBridge, or as CloudTrail tells SNS.
 * None for the test event that S3 sends to a new queue, and for objects that were removed.
 * @throws Invalid for anything else: the message is nobody's, or damaged
 */
export function parseNotification(body: string): NotifiedObject[] {
  if (body.length > LONGEST) throw new Invalid("A message of the queue is too long for a notification.", { hint: HINT });
  return objectsOf(body, WRAPPINGS);
}

const HINT = "Only notifications of S3 belong in this queue, straight or through SNS or EventBridge. The message stays there until its own dead-letter queue takes it.";

function objectsOf(text: string, wrappings: number): NotifiedObject[] {
  const value = json(text);
  const wrapped = FromSns.safeParse(value);
  if (wrapped.success && wrappings > 0) return objectsOf(wrapped.data.Message, wrappings - 1);
  if (TestEvent.safeParse(value).success) return [];
  const s3 = FromS3.safeParse(value);
  if (s3.success) return s3.data.Records.filter(({ eventName }) => /^(?:s3:)?ObjectCreated:/.test(eventName)).map(({ s3: { bucket, object } }) => ({ bucket: bucket.name, key: decoded(object.key) }));
  const bridge = FromEventBridge.safeParse(value);
  if (bridge.success) return bridge.data["detail-type"] === "Object Created" ? [{ bucket: bridge.data.detail.bucket.name, key: bridge.data.detail.object.key }] : [];
  const trail = FromCloudTrail.safeParse(value);
  if (trail.success) return trail.data.s3ObjectKey.map((key) => ({ bucket: trail.data.s3Bucket, key }));
  throw new Invalid("A message of the queue is no notification of S3.", { hint: HINT });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Invalid("A message of the queue is not JSON.", { hint: HINT, cause });
  }
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", "%20"));
  } catch (cause) {
    throw new Invalid("A message of the queue names an object whose key is wrongly encoded.", { hint: HINT, cause });
  }
}
