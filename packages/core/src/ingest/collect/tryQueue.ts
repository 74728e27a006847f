import { Unavailable } from "../../kernel/index.ts";
import { connectS3, s3Failure } from "../inputs/index.ts";
import { assumedRole } from "./awsIdentity.ts";
import { parseNotification } from "./notification.ts";
import { connectQueue } from "./queue.ts";
import type { CollectorRow } from "./store.ts";

/** Messages that are only looked at are hidden from the collector for so long. */
const HIDDEN_SECONDS = 1;

/**
 * Asks a queue once, and for the first object that its messages name. Messages stay in the queue, each received once more.
 * @returns what was seen, as a sentence
 * @throws Unavailable for what is refused, with the permission that is missing
 */
export async function tryQueue({ url, role }: Pick<CollectorRow, "url" | "role">): Promise<string> {
  const keys = role === null ? null : assumedRole(role);
  const queue = await connectQueue(url, keys, HIDDEN_SECONDS, 0);
  try {
    const [message] = await queue.receive(new AbortController().signal);
    if (message === undefined) return "It may receive from the queue, which is empty for now: whether it may read the objects is seen with the first message.";
    await queue.keepHidden(message.receipt);
    const [object] = parseNotification(message.body);
    if (object === undefined) return "It may receive from the queue.";
    const { bucket, key } = object;
    const store = await connectS3(keys === null ? {} : { config: { credentials: keys } });
    await store.head({ Bucket: bucket, Key: key }).catch((error: unknown) => {
      throw new Unavailable(s3Failure(error, { doing: "read", bucket, name: key }).reason, { cause: error });
    });
    return `It may receive from the queue and read the objects of ${bucket}.`;
  } finally {
    queue.close();
  }
}

/** The smallest policy for a queue and the buckets that it tells of, as JSON for AWS; KMS only where they are encrypted with a key of yours. */
export function queueNeeds(url: string, role: string | null): string {
  const { hostname, pathname } = new URL(url);
  const [, account, name] = pathname.split("/");
  const region = /^sqs\.([a-z0-9-]+)\./.exec(hostname)?.[1] ?? "REGION";
  const policy = {
    Version: "2012-10-17",
    Statement: [
      allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], `arn:aws:sqs:${region}:${account}:${name}`),
      allow(["s3:GetObject"], "arn:aws:s3:::BUCKET/*"),
      allow(["kms:Decrypt"], `arn:aws:kms:${region}:${account}:key/KEY`),
    ],
  };
  const whose = role === null ? "The identity of the service's machine" : `The role ${role}, which that identity needs sts:AssumeRole on,`;
  return `${whose} needs this policy, with your bucket in place of BUCKET, and without the last statement where neither bucket nor queue is encrypted with a KMS key of yours:\n${JSON.stringify(policy, null, 2)}`;
}

function allow(actions: string[], resource: string): object {
  return { Effect: "Allow", Action: actions, Resource: resource };
}
