/** An event, as it came. */
export interface Arrived {
  /** Its sequence number in the partition. */
  no: number;
  /** Where the hub goes on behind it, in its own words. */
  offset: string;
  /** When the hub took it, in milliseconds since the epoch. */
  at: number;
  bytes: Buffer;
}

/** Of one partition so much is taken out at once. */
const TAKEN_BYTES = 8 * 1024 * 1024;
/** So many events of a partition may be on their way or wait here. */
export const CREDIT = 2_000;
/** What comes is gathered for so long, or until it is so much, or so many of one partition that it would soon stop: each round costs two waits for a disk. */
const GATHER_MS = 300;
const GATHER_BYTES = 4 * 1024 * 1024;
const GATHER_EVENTS = CREDIT / 2;

/** Events that have come and are not kept yet, by partition. */
export class Inbox {
  private readonly waiting = new Map<string, Arrived[]>();
  private wake: () => void = () => undefined;
  bytes = 0;
  /** Events of the partition that has most of them. */
  private most = 0;

  add(partition: string, event: Arrived): void {
    const events = this.waiting.get(partition) ?? [];
    this.waiting.set(partition, events);
    events.push(event);
    this.bytes += event.bytes.length;
    this.most = Math.max(this.most, events.length);
    this.wake();
  }

  /**
   * Waits until something is there.
   * @returns what has come of each partition, in its order; nothing after `idleMs`, or once `signal` is aborted
   */
  async next(idleMs: number, signal: AbortSignal): Promise<Map<string, Arrived[]>> {
    if (this.bytes === 0) await this.until(() => this.waiting.size > 0, idleMs, signal);
    if (this.waiting.size > 0) await this.until(() => this.bytes >= GATHER_BYTES || this.most >= GATHER_EVENTS, GATHER_MS, signal);
    const taken = new Map<string, Arrived[]>();
    this.most = 0;
    for (const [partition, events] of this.waiting) {
      let bytes = 0;
      let count = 0;
      while (count < events.length && (count === 0 || bytes + events[count]!.bytes.length <= TAKEN_BYTES)) bytes += events[count++]!.bytes.length;
      taken.set(partition, events.splice(0, count));
      if (events.length === 0) this.waiting.delete(partition);
      this.most = Math.max(this.most, events.length);
      this.bytes -= bytes;
    }
    return taken;
  }

  private until(holds: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const end = (): void => {
        clearTimeout(late);
        signal.removeEventListener("abort", end);
        this.wake = () => undefined;
        done();
      };
      const late = setTimeout(end, ms);
      signal.addEventListener("abort", end);
      this.wake = () => {
        if (signal.aborted || holds()) end();
      };
      this.wake();
    });
  }
}
