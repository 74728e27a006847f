import type { NotifiedObject } from "../notification.ts";

/** What S3 sends to a queue about objects. */
export function fromS3(objects: readonly NotifiedObject[], eventName = "ObjectCreated:Put"): string {
  return JSON.stringify({
    Records: objects.map(({ bucket, key }) => ({
      eventVersion: "2.1", eventSource: "aws:s3", awsRegion: "eu-west-1", eventTime: "2026-11-18T09:00:00.000Z", eventName,
      s3: { s3SchemaVersion: "1.0", configurationId: "corduroy", bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: { key: encodeURIComponent(key).replaceAll("%20", "+"), size: 1, eTag: "0", sequencer: "00" } },
    })),
  });
}

/** What EventBridge makes of it. */
export function fromEventBridge({ bucket, key }: NotifiedObject, type = "Object Created"): string {
  return JSON.stringify({ version: "0", "detail-type": type, source: "aws.s3", account: "111122223333", region: "eu-west-1", detail: { version: "0", bucket: { name: bucket }, object: { key, size: 1, etag: "0", sequencer: "00" }, reason: "PutObject" } });
}

/** What CloudTrail tells a topic of its own. */
export function fromCloudTrail(objects: readonly NotifiedObject[]): string {
  return JSON.stringify({ s3Bucket: objects[0]?.bucket ?? "trail", s3ObjectKey: objects.map(({ key }) => key) });
}

/** A message as a topic passes it on to its queue. */
export function throughSns(message: string): string {
  return JSON.stringify({ Type: "Notification", MessageId: "0", TopicArn: "arn:aws:sns:eu-west-1:111122223333:trail", Message: message, Timestamp: "2026-11-18T09:00:00.000Z" });
}
