import { isObject } from "../web/webServer.ts";
import { md5, type Queue, type QueuedMessage } from "./queue.ts";

/** An answer: what the operation gives, or an error by its name in the SQS API. */
export type SqsAnswer = { result: Record<string, unknown> } | { error: string; message: string };

type Input = Readonly<Record<string, unknown>>;

/** Reads a receive; a wait is the caller's business. */
export function receiveInput(queue: Queue, input: Input): { most: number; wait: number; hiddenFor: number } | { error: string; message: string } {
  const most = input["MaxNumberOfMessages"] ?? 1;
  const wait = input["WaitTimeSeconds"] ?? 0;
  const hiddenFor = input["VisibilityTimeout"] ?? queue.options.visibilityTimeout;
  if (!isWhole(most, 1, 10)) return invalid("MaxNumberOfMessages must be between 1 and 10");
  if (!isWhole(wait, 0, 20)) return invalid("WaitTimeSeconds must be between 0 and 20");
  if (!isWhole(hiddenFor, 0, 43_200)) return invalid("VisibilityTimeout must be between 0 and 43200");
  return { most, wait, hiddenFor };
}

/** What ReceiveMessage answers; without messages, the list is missing, as SQS leaves it out. */
export function received(messages: readonly QueuedMessage[], input: Input): SqsAnswer {
  const asked = [input["MessageSystemAttributeNames"], input["AttributeNames"]].flatMap((names): unknown[] => (Array.isArray(names) ? names : []));
  const wanted = (name: string): boolean => asked.includes(name) || asked.includes("All");
  return messages.length === 0 ? { result: {} } : { result: { Messages: messages.map((message) => shape(message, wanted)) } };
}

function shape({ id, receipt, body, receives, sent, firstReceived }: QueuedMessage, wanted: (name: string) => boolean): Record<string, unknown> {
  const attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: String(sent.getTime()), ApproximateFirstReceiveTimestamp: String(firstReceived?.getTime() ?? 0) };
  const chosen = Object.entries(attributes).filter(([name]) => wanted(name));
  return { MessageId: id, ReceiptHandle: receipt, Body: body, MD5OfBody: md5(body), ...(chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}) };
}

/** The operations that answer at once. */
export const OPERATIONS: Record<string, (queue: Queue, input: Input) => SqsAnswer> = {
  DeleteMessage(queue, { ReceiptHandle: receipt }) {
    if (typeof receipt !== "string") return missing("ReceiptHandle");
    queue.remove(receipt);
    return { result: {} };
  },

  DeleteMessageBatch(queue, { Entries: entries }) {
    if (!Array.isArray(entries) || entries.length === 0) return { error: "EmptyBatchRequest", message: "The batch request doesn't contain any entries." };
    if (entries.length > 10) return { error: "TooManyEntriesInBatchRequest", message: "Maximum number of entries per request are 10." };
    const ids = entries.map((entry: unknown) => (isObject(entry) ? entry["Id"] : undefined));
    if (new Set(ids).size < ids.length) return { error: "BatchEntryIdsNotDistinct", message: "Two or more batch entries in the request have the same Id." };
    const good = entries.filter((entry: unknown) => isObject(entry) && typeof entry["ReceiptHandle"] === "string") as { Id: string; ReceiptHandle: string }[];
    for (const { ReceiptHandle } of good) queue.remove(ReceiptHandle);
    const failed = ids.filter((id) => !good.some(({ Id }) => Id === id)).map((Id) => ({ Id, SenderFault: true, Code: "MissingParameter" }));
    return { result: { Successful: good.map(({ Id }) => ({ Id })), ...(failed.length > 0 ? { Failed: failed } : {}) } };
  },

  ChangeMessageVisibility(queue, { ReceiptHandle: receipt, VisibilityTimeout: seconds }) {
    if (typeof receipt !== "string") return missing("ReceiptHandle");
    if (!isWhole(seconds, 0, 43_200)) return invalid("VisibilityTimeout must be between 0 and 43200");
    return queue.hide(receipt, seconds) ? { result: {} } : { error: "MessageNotInflight", message: "The specified message isn't in flight." };
  },

  GetQueueAttributes(queue, { AttributeNames: names }) {
    const { visible, inFlight } = queue.counts();
    const attributes = {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      VisibilityTimeout: String(queue.options.visibilityTimeout),
      ...(queue.options.maxReceiveCount === undefined ? {} : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead", maxReceiveCount: queue.options.maxReceiveCount }) }),
    };
    const asked: unknown[] = Array.isArray(names) ? names : [];
    return { result: { Attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => asked.includes("All") || asked.includes(name))) } };
  },
};

function isWhole(value: unknown, from: number, to: number): value is number {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

function invalid(message: string): { error: string; message: string } {
  return { error: "InvalidParameterValue", message };
}

function missing(name: string): { error: string; message: string } {
  return { error: "MissingParameter", message: `The request must contain the parameter ${name}.` };
}
