import { contentsOf, genericJson, genericText, headedBy, LONGEST_LINE, parseRecord, recognise, recogniseLine, type Held, type Recognised, type SourceDefinition } from "../../sources/index.ts";
import { firstLine, linesIn, type Lines } from "../read/lines.ts";
import type { Slice } from "../read/split.ts";
import { LineJoiner } from "./joiner.ts";
import type { RowObject } from "./rows.ts";

/** A record, or lines of text, and what they are of. */
export interface Told {
  slice: Slice | Lines;
  source: SourceDefinition;
  /** The event's text where the record wraps it. */
  replacement: string | null;
  /** The next one is of the same record. */
  goesOn?: boolean;
}

/** What cannot be a record where it stands. */
export interface Refused {
  slice: Slice;
  reason: string;
  /** The next one is of the same record. */
  goesOn?: boolean;
}

const NO_OBJECT = "not a JSON object";

/** Tells what the records of one object are, in their order. */
export class Teller {
  /** What the last record was told to be. */
  private told: Recognised | null = null;
  /** What its lines of text were told to be. */
  private toldLine: SourceDefinition | null = null;
  private joiner: LineJoiner | null = null;
  private hasLines = false;

  /** @param label what somebody has said that its records are; null where they tell by themselves */
  constructor(
    private readonly label: SourceDefinition | null,
    /** What the object's rows say of where they were read. */
    public object: RowObject,
  ) {}

  /** Whether no record has told yet what the object holds. */
  get isOpen(): boolean {
    return this.told === null && this.label === null;
  }

  /** The source for what comes next in the object and does not tell. */
  get source(): SourceDefinition {
    return this.label ?? this.told?.source ?? genericJson;
  }

  /** The number of the first line that waits for others of its record; null when none does. */
  get waitsSince(): number | null {
    return this.joiner?.open ?? null;
  }

  /** Looks at a record that is not taken in here. @returns whether it parses */
  expect(slice: Slice): boolean {
    const record = parsed(slice);
    if (record !== null) this.told = recognise(record);
    return record !== null;
  }

  /**
   * Tells a record, where that is not plain: records that are events themselves, of a known source, mostly have neighbours of the same kind, and the batch
   * finds those that are not.
   */
  record(slice: Slice): Iterable<Told | Refused> {
    const { label, told } = this;
    const plain = label === genericJson || label === genericText || (told !== null && told.text === null && (told.source !== genericJson || label !== null) && !this.source.several);
    const record = plain ? null : parsed(slice);
    if (record === null) return [{ slice, source: this.source, replacement: null }];
    const contents = contentsOf(record, label);
    if ("refused" in contents) return [{ slice, reason: contents.refused }];
    if ("events" in contents) {
      this.told = firstOf(contents.events);
      return apart(slice, contents.events);
    }
    this.told = contents.event;
    const source = this.source;
    return [{ slice, source, replacement: source === this.told.source ? this.told.text : null }];
  }

  /**
   * Tells lines of text. They can only be damage among records that are said to be JSON, or that are of a known source and have had no lines of text among them.
   */
  *lines(lines: Lines): Generator<Told | Refused> {
    const { label } = this;
    if (label === null ? this.toldLine === null && this.told !== null && this.told.source !== genericJson : label.text === null) {
      for (const slice of linesIn(lines)) yield { slice, reason: NO_OBJECT };
      return;
    }
    if (lines.count === 1 && lines.end - lines.start > LONGEST_LINE) {
      if (label === null || label === genericText) yield { slice: lines, source: genericText, replacement: null };
      else yield { slice: lines, reason: `not a line of ${label.id}: longer than ${LONGEST_LINE / 1024 ** 2} MiB` };
      return;
    }
    for (const run of this.runs(lines)) {
      const joins = run.source.text?.joins;
      if (!joins) yield { slice: run.lines, source: run.source, replacement: null };
      else {
        this.joiner ??= new LineJoiner(joins);
        for (const line of linesIn(run.lines)) yield* this.joiner.take(line).map((slice) => ({ slice, source: run.source, replacement: null }));
      }
    }
  }

  /** Passes over lines that were taken in before: one of them may name the fields of those that were not. */
  pass(lines: Lines): void {
    for (const line of linesIn(lines)) this.isHeader(textOf(line));
  }

  /** Reads what comes next as a batch has found that it must be, if that is of this object. */
  follow(headed: RowObject): void {
    if (headed.location === this.object.location && headed.version === this.object.version) this.object = headed;
  }

  /** The records whose end has not come. */
  rest(): Told[] {
    return (this.joiner?.rest() ?? []).map((slice) => ({ slice, source: this.label ?? this.toldLine ?? genericText, replacement: null }));
  }

  /** Lines of the same source each. A line that only names the fields of those below it is in none. */
  private *runs(lines: Lines): Generator<{ lines: Lines; source: SourceDefinition }> {
    let run: { lines: Lines; source: SourceDefinition } | null = null;
    if (this.label !== null || (this.toldLine !== null && this.toldLine !== genericText)) {
      const source = (this.label ?? this.toldLine)!;
      if (this.hasLines || !this.isHeader(textOf(firstLine(lines)))) {
        this.hasLines = true;
        yield { lines, source };
        return;
      }
    }
    for (const line of linesIn(lines)) {
      const text = textOf(line);
      if (!this.hasLines && this.isHeader(text)) continue;
      this.hasLines = true;
      if (this.label === null && (this.toldLine === null || this.toldLine === genericText)) this.toldLine = recogniseLine(text);
      const source = (this.label ?? this.toldLine)!;
      if (run !== null && run.source === source) run.lines = { ...run.lines, end: line.end, count: run.lines.count + 1 };
      else {
        if (run !== null) yield run;
        run = { lines: { ...lines, ...line, count: 1 }, source };
      }
    }
    if (run !== null) yield run;
  }

  /** Whether a line names the fields of those below it; they are read by it from then on. */
  private isHeader(text: string): boolean {
    const source = headedBy(text);
    if (source === null || (this.label !== null && this.label !== source)) return false;
    this.object = { ...this.object, header: text };
    if (this.label === null) this.toldLine = source;
    return true;
  }
}

/** A record that holds several events, in a batch of others. */
export function* tellApart(slice: Slice, label: SourceDefinition | null): Generator<(Told & { slice: Slice }) | Refused> {
  const contents = contentsOf(parsed(slice) ?? {}, label);
  if ("events" in contents) yield* apart(slice, contents.events);
}

function* apart({ no }: Slice, events: readonly Held[]): Generator<(Told & { slice: Slice }) | Refused> {
  for (const [index, { source, text, part }] of events.entries()) {
    const buffer = Buffer.from(part);
    const own: Slice = { buffer, start: 0, end: buffer.length, no, part: index + 1 };
    const goesOn = index + 1 < events.length;
    yield source === null ? { slice: own, reason: NO_OBJECT, goesOn } : { slice: own, source, replacement: text, goesOn };
  }
}

/** What a record of several events tells of its neighbours: not to take them for events without a look. */
function firstOf(events: readonly Held[]): Recognised {
  const { source, part } = events.find((each) => each.source !== null)!;
  return { source: source!, text: part };
}

const parsed = (slice: Slice): ReturnType<typeof parseRecord> => parseRecord(textOf(slice));

function textOf({ buffer, start, end }: Slice): string {
  return buffer.toString("utf8", start, end);
}
