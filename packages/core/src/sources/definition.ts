/** A JSON record, parsed: what recognisers look at. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** One column of the `events` table of a source. */
export interface Column {
  name: string;
  /** DuckDB type. */
  type: string;
  /**
   * SQL over one record: `"@<field>"` is the text of a field listed in `fields`, `json` the record, or `line` and `part` of text; PLACE and
   * OBJECT_TIME say where it was read.
   */
  sql: string;
  /** Earlier columns that `sql` uses by name. */
  uses?: readonly string[];
  /** False for a step on the way that is not kept. */
  stored?: false;
  /**
   * The column is the unchanged text of this field (or of what `sigmaNames` has in its place), so rules may read the column instead of the JSON. A list
   * (VARCHAR[]) holds all values that the record has for it, and a rule is fulfilled by any of them.
   */
  field?: string;
  /** The field is read from the column alone, whatever the record looks like: the JSON has it otherwise, or nowhere. So it is with all fields of text. */
  whole?: true;
}

/** How a source of text is read: its records are lines. */
export interface TextForm {
  /** Whether a line is of this source. */
  recognises(line: string): boolean;
  /** SQL that takes a line, `line`, apart; the fields are read from the result, `part`. */
  part: string;
  /** A line that names the fields of those below it in the same object; it is no record itself. */
  header?: {
    recognises(line: string): boolean;
    /** SQL for each of the source's `fields`, of lines below this header; NULL for what it does not name. */
    fields(header: string): Readonly<Record<string, string>>;
  };
  /**
   * For an event that is written as several lines: which event a line is of, and whether it is its last one; null where the line is an event by itself. The record is
   * the event's lines with newlines between them; `recognises` is asked of a line. One that is `empty` says nothing but that its event has ended, and is no record where
   * that has been told before.
   */
  joins?(this: void, line: string): { event: string; last: boolean; empty?: true } | null;
  /** SQL over stored columns: a list of all texts in fields that the line holds in another writing, or not at all. Keywords are looked for in them, too. */
  decoded?: string;
}

/** What a Sigma rule says it is for. */
export interface Logsource {
  product?: string;
  service?: string;
  category?: string;
}

/** All that is known of one kind of log: a folder in `sources`, found by the registry. No I/O. */
export interface SourceDefinition {
  id: string;
  title: string;
  /** Sigma rules with one of these logsources (or a part of it) apply. */
  logsource: Logsource | readonly Logsource[];
  /** Null where records are JSON objects. */
  text: TextForm | null;
  /** Whether a JSON record is of this source, asked of the event itself, without what it may be wrapped in. */
  recognises(record: JsonRecord): boolean;
  /** Its records may carry events of other sources: it is asked after all those. */
  carries?: true;
  /** A record may hold several of its events: every one is looked at. */
  several?: true;
  /** SQL over fields that is cheap to ask of every record taken for this source: where it is false, `recognises` tells. */
  fits: string;
  /** Fields that columns are made of: name as Sigma rules write it, and JSON pointer (RFC 6901), or for text SQL over `part` and `line`. */
  fields: Readonly<Record<string, string>>;
  /**
   * Names that Sigma rules use for fields which the vendor has elsewhere: the dotted path of each. Where the vendor's records come in several
   * shapes, its path in each; where the first one has a column, that holds the value of all of them.
   */
  sigmaNames: Readonly<Record<string, string | readonly string[]>>;
  /** Objects of the record that rules name as a whole: a rule is fulfilled by any of the values in them, in lists and objects inside as well. */
  opened?: readonly string[];
  /** Fields whose values most rules require: rules are indexed by them. */
  keyFields: readonly string[];
  columns: readonly Column[];
  /** SQL over the stored columns that gives the event as one OCSF 1.8.0 JSON object. */
  ocsf: string;
}

/** SQL that reads a timestamp from text: ISO 8601, with or without offset, as UTC; null when it is none or lies outside 1970 to 9999. */
export function timestampSql(text: string): string {
  const parsed = `CASE WHEN ends_with(${text}, 'Z') THEN TRY_CAST(${text} AS TIMESTAMP) ELSE TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`;
  return `(CASE WHEN ${parsed} BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '9999-12-31' THEN ${parsed} END)`;
}

/** SQL for what identifies a record without an id of its own: its object in that version, and its number there. */
export const PLACE = "object_id || ':' || record_no";

/** SQL for the time the record's object was last written: the best guess for a record without a time. */
export const OBJECT_TIME = "epoch_ms(modified)";

/** The location of what came to a listener: whom it came from, and the receipt. */
export const heardFrom = (address: string, receipt: string): string => `syslog://${address}/${receipt}`;

/** SQL for the network address that a listener has a record from; NULL for what came otherwise. */
export const SENDER = "CASE WHEN starts_with(location, 'syslog://') THEN nullif(split_part(location, '/', 3), '') END";

/**
 * The columns that identify an event by the place of its record. Its hash comes of that of the object: a digest for each line would take as long as all else of a short one. The number is spread
 * by Knuth's factor (2^32 divided by the golden ratio): as neighbours, the hashes of several objects made each other's search in the index of hashes as long as the objects are.
 */
export const PLACE_IDENTITY: readonly Column[] = [
  { name: "event_uid", type: "VARCHAR", sql: PLACE },
  { name: "event_hash", type: "UBIGINT", sql: `xor(object_hash, record_no::UBIGINT * 2654435761)` },
];

/**
 * The columns that identify an event by the vendor's own id where it has one, else by the place of its record.
 * @param id SQL for the vendor's id; NULL or empty text is none
 */
export function identity(id: string): readonly Column[] {
  return [
    { name: "event_uid", type: "VARCHAR", sql: `coalesce(nullif(${id}, ''), ${PLACE})` },
    { name: "event_hash", type: "UBIGINT", sql: `md5_number_lower(event_uid)`, uses: ["event_uid"] },
  ];
}
