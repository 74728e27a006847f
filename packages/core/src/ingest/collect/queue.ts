import type { AwsKeys } from "../inputs/index.ts";
import { awsFailure } from "./awsFailure.ts";

/** A message that was received: hidden from others for a while, and given again unless it is removed. */
export interface QueueMessage {
  body: string;
  /** By this it is removed, or kept hidden. */
  receipt: string;
}

/** A queue of SQS. Its errors are sentences. */
export interface Queue {
  /** Waits up to 20 seconds for messages, ten at most. @throws Unavailable; an AbortError when it is told to stop */
  receive(signal: AbortSignal): Promise<QueueMessage[]>;
  /** Keeps a message hidden from now on for as long as a new one. */
  keepHidden(receipt: string): Promise<void>;
  remove(receipt: string): Promise<void>;
  close(): void;
}

const WAIT_SECONDS = 20;
const MESSAGES = 10;
/** Addresses of Amazon itself say in which region the queue lies; with others the environment does. */
const AMAZON = /^(?:sqs\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)|([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?)$/;

/**
 * Connects to a queue: with the keys given, else with the credentials of the environment as the SDK finds them.
 * Where the host of the address is not Amazon's, it is only a name: requests go to Amazon, or to the endpoint that the environment names, and never to a host that somebody has typed in.
 * @param hiddenSeconds for how long a received message is hidden
 * @param waitSeconds for how long an empty queue is listened to
 */
export async function connectQueue(url: string, keys: (() => Promise<AwsKeys>) | null, hiddenSeconds: number, waitSeconds: number = WAIT_SECONDS): Promise<Queue> {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const [, newer, older] = AMAZON.exec(new URL(url).hostname) ?? [];
  const region = newer ?? older;
  const client = new SQSClient({
    useQueueUrlAsEndpoint: false,
    ...(region !== undefined && { region }),
    ...(keys !== null && { credentials: keys }),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: (WAIT_SECONDS + 20) * 1_000, throwOnRequestTimeout: true },
  });
  const inWords = (error: unknown): never => {
    throw awsFailure(error, {
      what: `queue ${url}`, unknown: /NonExistentQueue|QueueDoesNotExist/,
      needs: "sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility on it, and kms:Decrypt where it is encrypted with a KMS key",
    });
  };
  return {
    receive: async (signal) => {
      const { Messages: messages = [] } = await client
        .send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: MESSAGES, WaitTimeSeconds: waitSeconds, VisibilityTimeout: hiddenSeconds }), { abortSignal: signal })
        .catch((error: unknown) => (signal.aborted ? Promise.reject(error as Error) : inWords(error)));
      return messages.flatMap(({ Body: body, ReceiptHandle: receipt }) => (receipt === undefined ? [] : [{ body: body ?? "", receipt }]));
    },
    keepHidden: async (receipt) => void (await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receipt, VisibilityTimeout: hiddenSeconds })).catch(inWords)),
    remove: async (receipt) => void (await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })).catch(inWords)),
    close: () => client.destroy(),
  };
}
