const SENT = 1;
const ACKNOWLEDGED = 2;

/** Every numbered event of a run, and what is known of it on the sender's side. */
export class Ledger {
  private states = new Uint8Array(1 << 16);
  private last = -1;

  /** The next so many numbers: of events that are sent from now on, and may arrive. */
  take(count: number): number[] {
    const from = this.last + 1;
    this.last += count;
    while (this.states.length <= this.last) {
      const larger = new Uint8Array(this.states.length * 2);
      larger.set(this.states);
      this.states = larger;
    }
    this.states.fill(SENT, from, this.last + 1);
    return Array.from({ length: count }, (_, index) => from + index);
  }

  /** The service has said that it keeps these. */
  acknowledge(numbers: readonly number[]): void {
    for (const number of numbers) this.states[number] = ACKNOWLEDGED;
  }

  get sent(): number {
    return this.last + 1;
  }

  get acknowledged(): number {
    return this.states.subarray(0, this.sent).reduce((sum, state) => sum + (state === ACKNOWLEDGED ? 1 : 0), 0);
  }

  /**
   * Compares with what is there.
   * @param held pairs of a number and how often it is in the lake
   * @returns a sentence for each kind of fault, none when all is well
   */
  compare(held: Iterable<readonly [number, number]>): string[] {
    const seen = new Uint8Array(this.states.length);
    const twice: number[] = [];
    const unknown: number[] = [];
    for (const [number, times] of held) {
      if (!Number.isInteger(number) || number < 0 || number > this.last) unknown.push(number);
      else if (times > 1) twice.push(number);
      seen[number] = 1;
    }
    const lost: number[] = [];
    for (let number = 0; number <= this.last; number++) if (this.states[number] === ACKNOWLEDGED && seen[number] === 0) lost.push(number);
    return [fault("acknowledged events are lost", lost), fault("events are in the lake more than once", twice), fault("events in the lake were never sent", unknown)].flat();
  }
}

const SHOWN = 10;

function fault(what: string, numbers: readonly number[]): string[] {
  return numbers.length === 0 ? [] : [`${numbers.length} ${what}: ${numbers.slice(0, SHOWN).join(", ")}${numbers.length > SHOWN ? ", …" : ""}`];
}
