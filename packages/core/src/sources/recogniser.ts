import { partsIn, type Part } from "./bundles.ts";
import type { JsonRecord, SourceDefinition } from "./definition.ts";
import { genericJson } from "./generic.json/index.ts";
import { genericText } from "./generic.text/index.ts";
import { wrappedIn } from "./unwrap.ts";

/** What an event was told to be. */
export interface Recognised {
  source: SourceDefinition;
  /** The event where the record wraps it, as JSON text or as a line; null where the record is the event. */
  text: string | null;
}

/** One of several events of a record. */
export interface Held {
  /** Null where it is no JSON object. */
  source: SourceDefinition | null;
  /** As of a record that holds nothing else; null where `part` is the event. */
  text: string | null;
  /** Its own part of the record, as JSON text. */
  part: string;
}

/** What a record holds: an event, several, or so much that it is not taken apart. */
export type Contents = { event: Recognised } | { events: readonly Held[] } | { refused: string };

/** A longer line is text of no particular kind: no vendor writes one, and to take it apart costs many times its memory. In UTF-16 units. */
export const LONGEST_LINE = 2 * 1024 * 1024;

/** Events may be wrapped twice: a notification about what EventBridge has sent. Lists of them may hold lists: messages of a queue, each with a file. */
const DEEPEST: Depth = { records: 3, lists: 2 };
/** A record may be 64 MiB. What all of its events share stands in each of them. */
const MOST_EVENTS = 250_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

class TooMuch extends Error {}

/** How many may yet be inside of one another. */
interface Depth {
  records: number;
  lists: number;
}

/** Tells what is in records. */
export class Recogniser {
  private readonly carriers: readonly SourceDefinition[];
  private readonly particular: readonly SourceDefinition[];

  /** @param sources the most particular first */
  constructor(private readonly sources: readonly SourceDefinition[]) {
    this.carriers = sources.filter(({ carries }) => carries);
    this.particular = sources.filter((source) => source !== genericJson && !this.carriers.includes(source));
  }

  /** The first source of text that recognises a line. */
  line(line: string): SourceDefinition {
    if (line.length > LONGEST_LINE) return genericText;
    return this.sources.find((source) => source.text?.recognises(line)) ?? genericText;
  }

  /**
   * What a record holds.
   * @param label what somebody has said that it is of: then all of its events are
   */
  contents(record: JsonRecord, label: SourceDefinition | null): Contents {
    try {
      const found = this.within(record, null, DEEPEST, new Budget(label));
      if (found === null) return { event: { source: this.carrier(record) ?? genericJson, text: null } };
      if (!Array.isArray(found)) return { event: found };
      const [first] = found as [Held];
      return found.length === 1 && first.source !== null ? { event: { source: first.source, text: first.text ?? first.part } } : { events: found };
    } catch (error) {
      if (error instanceof TooMuch) return { refused: error.message };
      // What is nested so deep that it cannot be written again.
      if (error instanceof RangeError) return { refused: "it is nested too deep" };
      throw error;
    }
  }

  private carrier(record: JsonRecord): SourceDefinition | undefined {
    return this.carriers.find((each) => each.recognises(record));
  }

  private within(record: JsonRecord, text: string | null, left: Depth, budget: Budget): Recognised | Held[] | null {
    const source = this.particular.find((each) => each.recognises(record));
    if (source && !source.several) return { source, text };
    const parts = left.lists > 0 ? partsIn(record) : undefined;
    const held = parts === undefined ? null : this.held(parts, { ...left, lists: left.lists - 1 }, budget);
    if (held !== null) return held;
    if (source) return { source, text };
    for (const inside of wrappedIn(record)) {
      if (inside.record === null) {
        const ofLine = this.line(inside.text);
        if (ofLine !== genericText) return { source: ofLine, text: inside.text };
      } else if (left.records > 1) {
        const told = this.within(inside.record, inside.text, { ...left, records: left.records - 1 }, budget);
        if (told) return told;
      }
    }
    return null;
  }

  /** The events that the parts are, if one of them is known: else the record stays whole. */
  private held(parts: Iterable<Part>, left: Depth, budget: Budget): Held[] | null {
    const { label } = budget;
    const events: Held[] = [];
    let isKnown = false;
    for (const { record, text: part } of parts) {
      const told = record === null ? null : this.within(record, null, left, budget);
      const more: Held[] = Array.isArray(told) ? told : [this.alone(record, told, part, label)];
      isKnown ||= Array.isArray(told) || (record !== null && (label === null ? more[0]!.source !== genericJson : told?.source === label || label.recognises(record)));
      if (!Array.isArray(told) && !budget.has(part.length)) {
        if (isKnown) throw new TooMuch(budget.reason);
        return null;
      }
      for (const each of more) events.push(each);
    }
    return isKnown ? events : null;
  }

  private alone(record: JsonRecord | null, told: Recognised | null, part: string, label: SourceDefinition | null): Held {
    if (record === null) return { source: null, text: null, part };
    const source = label ?? told?.source ?? this.carrier(record) ?? genericJson;
    return { source, text: told?.source === source ? told.text : null, part };
  }
}

/** What the events of one record may yet be. */
class Budget {
  private events = 0;
  private characters = 0;

  constructor(readonly label: SourceDefinition | null) {}

  /** Takes an event into account. @returns whether there was room for it */
  has(characters: number): boolean {
    this.events++;
    this.characters += characters;
    return this.events <= MOST_EVENTS && this.characters <= MOST_CHARACTERS;
  }

  get reason(): string {
    return this.events > MOST_EVENTS ? `it holds more than ${MOST_EVENTS} events` : `its events have more than ${MOST_CHARACTERS / 1024 ** 2} MiB together`;
  }
}
