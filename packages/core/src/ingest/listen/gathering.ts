import type { Message } from "../receipt/messages.ts";

/** What was gathered for so long is handed on. */
const GATHERED_MS = 1_000;
/** What a message takes beside its bytes. */
const OVERHEAD = 256;

/** Gathers one sender's messages, and hands them on together: all of a second, or earlier when `flush` is called. */
export class Gathering {
  private messages: Message[] = [];
  private tail: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  /** Bytes that are not handed on yet. */
  bytes = 0;

  /** @param hand keeps messages; it does not reject, and takes as long as it takes */
  constructor(private readonly hand: (messages: readonly Message[]) => Promise<void>) {}

  add(message: Message): void {
    this.messages.push(message);
    this.bytes += sizeOf(message);
    this.timer ??= setTimeout(() => void this.flush(), GATHERED_MS);
  }

  /** Hands on what was gathered; resolves when that, and what was handed on before, is done with. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const messages = this.messages.splice(0);
    if (messages.length > 0) {
      const bytes = messages.reduce((sum, each) => sum + sizeOf(each), 0);
      this.tail = this.tail.then(() => this.hand(messages)).finally(() => (this.bytes -= bytes));
    }
    return this.tail;
  }
}

const sizeOf = ({ bytes }: Message): number => bytes.length + OVERHEAD;
