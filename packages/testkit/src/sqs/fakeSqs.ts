import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { jsonObject } from "../web/webServer.ts";
import { OPERATIONS, received, receiveInput, type SqsAnswer } from "./operations.ts";
import { Queue, type QueuedMessage, type QueueOptions } from "./queue.ts";
import type { TestClock } from "./testClock.ts";

export interface FakeSqsOptions extends Partial<QueueOptions> {
  clock: TestClock;
}

/** What goes wrong with one request: an error by its name, or a connection that breaks before the answer, after the operation was done. */
export type SqsFault = { kind: "error"; status: number; code: string } | { kind: "reset" };

export interface SqsRequest {
  /** Ordinal since the start, from 1. */
  n: number;
  operation: string;
  input: Readonly<Record<string, unknown>>;
}

export interface FakeSqs {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  readonly requests: readonly SqsRequest[];
  /** What is neither deleted nor dead, hidden or not. */
  readonly messages: readonly QueuedMessage[];
  readonly deadLetters: readonly QueuedMessage[];
  /** How many receives are waiting for a message now; those that hung up do not. */
  readonly waiting: number;
  /** Puts a message into the queue and gives its id. */
  send(body: string): string;
  /** Replaces what goes wrong from now on; without an argument, nothing. */
  fail(fault?: (request: SqsRequest) => SqsFault | undefined): void;
  stop(): Promise<void>;
}

const TARGET = /^AmazonSQS\.([A-Za-z]+)$/;
const SIGNED = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/[0-9]{8}\/[a-z0-9-]+\/sqs\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

interface Waiter {
  gone: () => boolean;
  /** Answers if there is something to say; false to go on waiting. */
  answer: () => boolean;
}

/**
 * Starts an SQS with one standard queue on a free port of the loopback interface: the AWS JSON 1.0 protocol, with ReceiveMessage (long polling by
 * `clock`), DeleteMessage, DeleteMessageBatch, ChangeMessageVisibility and GetQueueAttributes. Requests must be signed with the right access
 * key; the signature itself is not recomputed.
 */
export async function fakeSqs({ clock, visibilityTimeout = 30, maxReceiveCount }: FakeSqsOptions): Promise<FakeSqs> {
  const queue = new Queue({ visibilityTimeout, ...(maxReceiveCount === undefined ? {} : { maxReceiveCount }) }, clock.now);
  const credentials = { accessKeyId: "AKIAFAKEFAKEFAKEFAKE", secretAccessKey: "not-a-secret" };
  const requests: SqsRequest[] = [];
  let waiters: Waiter[] = [];
  let fault: ((request: SqsRequest) => SqsFault | undefined) | undefined;
  let queueUrl = "";

  const wake = (): void => {
    waiters = waiters.filter((waiter) => !waiter.answer());
  };
  clock.onAdvance(wake);

  const receive = (input: SqsRequest["input"], response: ServerResponse, answer: (answer: SqsAnswer) => void): void => {
    const asked = receiveInput(queue, input);
    if ("error" in asked) return answer(asked);
    const until = clock.now().getTime() + asked.wait * 1000;
    const waiter: Waiter = {
      gone: () => response.destroyed,
      answer: () => {
        // Whoever has hung up takes no message away.
        if (waiter.gone()) return true;
        const messages = queue.receive(asked.most, asked.hiddenFor);
        if (messages.length === 0 && clock.now().getTime() < until) return false;
        answer(received(messages, input));
        return true;
      },
    };
    if (!waiter.answer()) waiters.push(waiter);
  };

  const serve = (message: IncomingMessage, response: ServerResponse, body: string): void => {
    const operation = TARGET.exec(String(message.headers["x-amz-target"]))?.[1] ?? "";
    const input = jsonObject(body);
    const [, accessKeyId] = SIGNED.exec(message.headers.authorization ?? "") ?? [];
    const request = { n: requests.length + 1, operation, input: input ?? {} };
    requests.push(request);
    const wrong = fault?.(request);
    const answer = (given: SqsAnswer): void => {
      if (wrong?.kind === "reset") message.socket.destroy();
      else send(response, given);
    };
    if (wrong?.kind === "error") return send(response, { error: wrong.code, message: "The fake was told to" }, wrong.status);
    if (accessKeyId !== credentials.accessKeyId) return send(response, { error: "InvalidClientTokenId", message: "The security token included in the request is invalid." }, 403);
    if (message.headers["content-type"] !== "application/x-amz-json-1.0" || input === undefined) return answer({ error: "InvalidAddress", message: "The request is not AWS JSON 1.0." });
    if (input["QueueUrl"] !== queueUrl) return answer({ error: "QueueDoesNotExist", message: "The specified queue does not exist." });
    if (operation === "ReceiveMessage") return receive(input, response, answer);
    return answer(OPERATIONS[operation]?.(queue, input) ?? { error: "UnsupportedOperation", message: `The fake does not speak ${operation}.` });
  };

  const server = createServer((message, response) => {
    let body = "";
    message.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    message.on("end", () => serve(message, response, body));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  queueUrl = `${endpoint}/000000000000/events`;

  return {
    endpoint,
    queueUrl,
    credentials,
    requests,
    deadLetters: queue.dead,
    get messages() {
      return queue.messages;
    },
    get waiting() {
      return waiters.filter(({ gone }) => !gone()).length;
    },
    send: (body) => {
      const id = queue.send(body);
      wake();
      return id;
    },
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

function send(response: ServerResponse, answer: SqsAnswer, status = 400): void {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "0" };
  if ("result" in answer) response.writeHead(200, headers).end(JSON.stringify(answer.result));
  else response.writeHead(status, headers).end(JSON.stringify({ __type: `com.amazonaws.sqs#${answer.error}`, message: answer.message }));
}
