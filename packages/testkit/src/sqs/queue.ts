import { createHash, randomUUID } from "node:crypto";

export interface QueueOptions {
  /** For how long a received message is hidden where the receiver does not say, in seconds. */
  visibilityTimeout: number;
  /** How often a message is given out before it goes to the dead letters; never where nothing is said. */
  maxReceiveCount?: number;
}

export interface QueuedMessage {
  id: string;
  body: string;
  sent: Date;
  firstReceived: Date | undefined;
  receives: number;
  /** Hidden until then. */
  visibleAt: Date;
  /** Of the latest receive. Deleting by an older one does nothing, as in a standard queue that has given the message to another. */
  receipt: string | undefined;
}

/** A standard queue of SQS: at least once, hidden while somebody works on it, dead letters after so many tries. */
export class Queue {
  readonly dead: QueuedMessage[] = [];
  #messages: QueuedMessage[] = [];

  constructor(
    readonly options: QueueOptions,
    private readonly now: () => Date,
  ) {}

  send(body: string): string {
    const id = randomUUID();
    this.#messages.push({ id, body, sent: this.now(), firstReceived: undefined, receives: 0, visibleAt: this.now(), receipt: undefined });
    return id;
  }

  receive(most: number, hiddenFor: number): QueuedMessage[] {
    const now = this.now();
    const limit = this.options.maxReceiveCount ?? Infinity;
    this.dead.push(...this.#messages.filter((message) => message.visibleAt <= now && message.receives >= limit));
    this.#messages = this.#messages.filter((message) => !this.dead.includes(message));
    const given = this.#messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    for (const message of given) {
      message.receives++;
      message.firstReceived ??= now;
      message.receipt = randomUUID();
      message.visibleAt = new Date(now.getTime() + hiddenFor * 1000);
    }
    return given.map((message) => ({ ...message }));
  }

  /** Deleting what is gone, or what somebody else has by now, succeeds and does nothing. */
  remove(receipt: string): void {
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
  }

  /** @returns whether the receipt is that of a message in flight */
  hide(receipt: string, seconds: number): boolean {
    const message = this.#messages.find((each) => each.receipt === receipt);
    if (message === undefined || message.visibleAt <= this.now()) return false;
    message.visibleAt = new Date(this.now().getTime() + seconds * 1000);
    return true;
  }

  counts(): { visible: number; inFlight: number } {
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= this.now()).length;
    return { visible, inFlight: this.#messages.length - visible };
  }

  /** Everything that is neither deleted nor dead. */
  get messages(): readonly QueuedMessage[] {
    return this.#messages;
  }
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
