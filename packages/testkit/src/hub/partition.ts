/** One event of a partition. */
export interface HubEvent {
  sequence: number;
  /** Opaque to readers, and greater from event to event. */
  offset: number;
  enqueued: Date;
  body: Buffer;
}

const CONDITION = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time) (>=?) '([^']*)'$/;
/** What an event takes besides its body, so that offsets are no sequence numbers. */
const OVERHEAD = 64;

/** The log of one partition: events come in at its end, and leave at its beginning once their time is over. */
export class Partition {
  private events: HubEvent[] = [];
  private offset = 0;
  next = 0;
  last: HubEvent | null = null;

  /** @returns the event, as it was kept */
  keep(body: Buffer, enqueued: Date): HubEvent {
    const event = { sequence: this.next++, offset: this.offset, enqueued, body };
    this.offset += OVERHEAD + body.length;
    this.events.push(event);
    this.last = event;
    return event;
  }

  /** Retention is over for all but the last `left` events. */
  expire(left: number): void {
    this.events = this.events.slice(this.events.length - left);
  }

  /** The sequence number of the oldest event, or of the next one where there is none. */
  get begin(): number {
    return this.events[0]?.sequence ?? this.next;
  }

  get isEmpty(): boolean {
    return this.events.length === 0;
  }

  /**
   * Where a reader begins.
   * @param filter the selector of its source, as Event Hubs has them: `amqp.annotation.x-opt-offset > '…'`
   * @returns a sequence number; null for a filter that Event Hubs does not know
   */
  start(filter: string): number | null {
    const [, name, comparison, value] = CONDITION.exec(filter) ?? [];
    if (name === undefined || value === undefined) return null;
    if (value === "@latest") return this.next;
    const wanted = Number(value);
    if (Number.isNaN(wanted)) return null;
    const of = ({ sequence, offset, enqueued }: HubEvent): number => (name === "offset" ? offset : name === "sequence-number" ? sequence : enqueued.getTime());
    return this.events.find((event) => of(event) > wanted || (comparison === ">=" && of(event) === wanted))?.sequence ?? this.next;
  }

  /** The first event with this number or a later one; undefined at the end. */
  from(sequence: number): HubEvent | undefined {
    return this.events[Math.max(sequence - this.begin, 0)];
  }
}
