import { ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, DeleteMessageCommand, GetQueueAttributesCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient, type Message, type ReceiveMessageCommandInput } from "@aws-sdk/client-sqs";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { fakeSqs, testClock, type FakeSqs, type FakeSqsOptions, type TestClock } from "../index.ts";

let sqs: FakeSqs;
let clock: TestClock;
let client: SQSClient;
afterEach(() => sqs.stop());

/** The fake, and the AWS SDK pointed at it. */
async function start(options: Omit<FakeSqsOptions, "clock"> = {}, accessKeyId?: string): Promise<void> {
  clock = testClock(new Date("2026-11-20T10:00:00Z"));
  sqs = await fakeSqs({ clock, ...options });
  client = new SQSClient({ endpoint: sqs.endpoint, region: "us-east-1", credentials: { ...sqs.credentials, ...(accessKeyId === undefined ? {} : { accessKeyId }) }, maxAttempts: 1 });
}

async function receive(more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  return (await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
}

const bodies = (messages: readonly Message[]): unknown[] => messages.map(({ Body }) => Body);
async function begun(count: number): Promise<void> {
  while (sqs.waiting < count) await setImmediate();
}

const remove = ({ ReceiptHandle }: Message): Promise<unknown> => client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle }));

describe("a message", () => {
  it("is given with what was asked of it, hidden, and given again until it is deleted", async () => {
    await start({ visibilityTimeout: 30 });
    const id = sqs.send('{"ü":1}');
    const [message] = await receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"] });
    expect(message).toMatchObject({ MessageId: id, Body: '{"ü":1}', Attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1795168800000" } });
    clock.advance(29);
    expect(await receive()).toEqual([]);
    clock.advance(1);
    const [again] = await receive({ MessageSystemAttributeNames: ["All"] });
    expect(again).toMatchObject({ MessageId: id, Attributes: { ApproximateReceiveCount: "2", ApproximateFirstReceiveTimestamp: "1795168800000" } });
    // The first receipt is out of date: somebody else has the message now.
    await remove(message!);
    expect(sqs.messages).toHaveLength(1);
    await remove(again!);
    expect(sqs.messages).toEqual([]);
  });

  it("stays hidden for as long as its receiver says", async () => {
    await start();
    sqs.send("a");
    const [message] = await receive({ VisibilityTimeout: 5 });
    const hide = (seconds: number): Promise<unknown> => client.send(new ChangeMessageVisibilityCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: seconds }));
    await hide(100);
    clock.advance(99);
    expect(await receive()).toEqual([]);
    await hide(0);
    await expect(hide(10)).rejects.toMatchObject({ name: "MessageNotInflight" });
    expect(bodies(await receive())).toEqual(["a"]);
  });

  it("goes to the dead letters after so many receives", async () => {
    await start({ maxReceiveCount: 2, visibilityTimeout: 1 });
    sqs.send("bad");
    for (const expected of [["bad"], ["bad"], []]) {
      expect(bodies(await receive())).toEqual(expected);
      clock.advance(1);
    }
    expect([sqs.messages.length, sqs.deadLetters.map(({ body }) => body)]).toEqual([0, ["bad"]]);
  });

  it("is deleted with others, and counted", async () => {
    await start();
    for (const body of ["a", "b", "c"]) sqs.send(body);
    const two = await receive({ MaxNumberOfMessages: 2 });
    const count = async (): Promise<unknown> => (await client.send(new GetQueueAttributesCommand({ QueueUrl: sqs.queueUrl, AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] }))).Attributes;
    expect(await count()).toEqual({ ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesNotVisible: "2" });
    const { Successful } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: sqs.queueUrl, Entries: two.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle })) }));
    expect(Successful).toEqual([{ Id: "0" }, { Id: "1" }]);
    expect(await count()).toEqual({ ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesNotVisible: "0" });
  });
});

describe("a receive that waits", () => {
  it("is answered when a message comes, when one shows again, and when its time is over", async () => {
    await start({ visibilityTimeout: 5 });
    const first = receive({ WaitTimeSeconds: 20 });
    await begun(1);
    sqs.send("a");
    expect(bodies(await first)).toEqual(["a"]);
    const second = receive({ WaitTimeSeconds: 20 });
    await begun(1);
    clock.advance(5);
    expect(bodies(await second)).toEqual(["a"]);
    const third = receive({ WaitTimeSeconds: 3 });
    await begun(1);
    clock.advance(3);
    expect(await third).toEqual([]);
  });

  it("takes nothing away when it has hung up", async () => {
    await start();
    const stop = new AbortController();
    const hungUp = client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, WaitTimeSeconds: 20 }), { abortSignal: stop.signal });
    await begun(1);
    stop.abort();
    await expect(hungUp).rejects.toMatchObject({ name: "AbortError" });
    while (sqs.waiting > 0) await setImmediate();
    sqs.send("a");
    expect(bodies(await receive())).toEqual(["a"]);
  });
});

describe("what SQS refuses", () => {
  it.each([
    [{ MaxNumberOfMessages: 11 }, "InvalidParameterValue"],
    [{ WaitTimeSeconds: 21 }, "InvalidParameterValue"],
    [{ VisibilityTimeout: -1 }, "InvalidParameterValue"],
    [{ QueueUrl: "http://127.0.0.1:1/000000000000/other" }, "QueueDoesNotExist"],
  ])("%j gives %s", async (input, name) => {
    await start();
    // The SDK sends to the queue's own address unless it is told not to.
    client.config.useQueueUrlAsEndpoint = false;
    await expect(receive(input)).rejects.toMatchObject({ name });
  });

  it("is another key, another operation, and what the test says", async () => {
    await start({}, "AKIAOTHER");
    await expect(receive()).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    await sqs.stop();
    await start();
    await expect(client.send(new PurgeQueueCommand({ QueueUrl: sqs.queueUrl }))).rejects.toMatchObject({ name: "UnsupportedOperation" });
    sqs.send("a");
    sqs.fail(({ operation }) => (operation === "ReceiveMessage" ? { kind: "error", status: 503, code: "ServiceUnavailable" } : undefined));
    await expect(receive()).rejects.toMatchObject({ name: "ServiceUnavailable" });
    sqs.fail(() => ({ kind: "reset" }));
    await expect(receive()).rejects.toMatchObject({ code: "ECONNRESET" });
    sqs.fail();
    // The answer was lost, not the message: it is hidden, as SQS would have it.
    expect(await receive()).toEqual([]);
    expect(sqs.messages).toHaveLength(1);
  });
});
