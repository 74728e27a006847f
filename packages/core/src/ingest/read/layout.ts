import { isSpace, MORE, Structure } from "./structure.ts";

const OPEN = 0x7b;
const LIST = 0x5b;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * How records lie in a text: one a line, in a list, in the list of an envelope such as CloudTrail's `{"Records":[…]}`, or one document after
 * another, each over as many lines as it likes.
 */
export type Layout = "lines" | "list" | "envelope" | "documents";

/** The envelope's beginning is looked for in so many bytes. */
const ENVELOPE_BYTES = 4096;

/** What a list begins with, or a scalar and a comma; anything else is a line of text, as Apache's errors are: `[Tue May 14 09:30:00 2024] [error] …`, `[1234] …`. */
const LIST_OF = Buffer.from('{[]"');
const SCALAR_OF_LIST = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*,/;

/** The list of an envelope by its name, and what stands before it: nothing, or text that tells the envelope from a record with such a list. */
const ENVELOPES: Readonly<Record<string, RegExp>> = {
  /** CloudTrail's files. */
  Records: /^\{\s*$/,
  /** Azure's diagnostic logs in event hubs. */
  records: /^\{\s*$/,
  /** CloudTrail's LookupEvents. */
  Events: /^\{\s*$/,
  /** GuardDuty's and Security Hub's GetFindings. */
  Findings: /^\{\s*$/,
  /** The same as GuardDuty's answer has it. */
  findings: /^\{\s*$/,
  /** Microsoft Graph. */
  value: /^\{\s*$|"@odata\.context"\s*:/,
  /** Kubernetes' webhooks and lists; Google Workspace's Reports. */
  items: /"kind"\s*:\s*"(EventList|admin#reports#activities)"/,
  /** AWS Config's history files. */
  configurationItems: /"fileVersion"\s*:/,
  /** Subscriptions of CloudWatch Logs. */
  logEvents: /"logGroup"\s*:/,
};
/** Strings, with what makes one the key of a list of objects, and brackets. */
const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:\s*\[(?=\s*[{\]]))?|[{}[\]]/g;

/** Where the list of an envelope begins, just behind its `[`, in the text of an object; null when it has none on top. */
function envelopeList(head: string): number | null {
  let depth = 0;
  for (const { 0: token, 1: name, 2: opens, index } of head.matchAll(TOKEN)) {
    if (opens !== undefined) {
      if (depth === 1 && Object.hasOwn(ENVELOPES, name!) && ENVELOPES[name!]!.test(head.slice(0, index))) return index + token.length;
      depth++;
    } else if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth === 0) return null;
  }
  return null;
}

/** The first key of the object that begins at `start`, with its quotes; null when no key and colon come before `end`. */
export function firstKey(buffer: Buffer, start: number, end: number): Buffer | null {
  let k = start + 1;
  while (k < end && isSpace(buffer[k]!)) k++;
  if (k >= end || buffer[k] !== QUOTE) return null;
  const close = buffer.indexOf(QUOTE, k + 1);
  if (close < 0) return null;
  let after = close + 1;
  while (after < end && isSpace(buffer[after]!)) after++;
  return after < end && buffer[after] === COLON ? Buffer.from(buffer.subarray(k, close + 1)) : null;
}

/**
 * Tells the layout of the text that begins at `at` with something else than white space.
 * @param last whether no more bytes will come
 * @returns the layout and where its first record may begin, or null when more bytes are needed to tell
 */
export function tellLayout(buffer: Buffer, at: number, last: boolean): { layout: Layout; begin: number } | null {
  if (buffer[at] === LIST) {
    const list = { layout: "list" as const, begin: at + 1 };
    let first = at + 1;
    while (first < buffer.length && isSpace(buffer[first]!)) first++;
    if (first === buffer.length) return last ? list : null;
    if (LIST_OF.includes(buffer[first]!)) return list;
    const head = buffer.toString("latin1", first, first + ENVELOPE_BYTES);
    if (SCALAR_OF_LIST.test(head)) return list;
    return !last && head.length < ENVELOPE_BYTES && !head.includes("\n") ? null : { layout: "lines", begin: at };
  }
  if (buffer[at] !== OPEN) return { layout: "lines", begin: at };
  const head = buffer.toString("latin1", at, at + ENVELOPE_BYTES);
  const list = envelopeList(head);
  if (list !== null) return { layout: "envelope", begin: at + list };
  if (!last && head.length < ENVELOPE_BYTES) return null;

  const newline = buffer.indexOf(NEWLINE, at);
  const structure = new Structure();
  structure.begin(at);
  const end = structure.run(buffer, newline < 0 ? buffer.length : newline);
  const lines = { layout: "lines" as const, begin: at };
  const documents = { layout: "documents" as const, begin: at };
  let next = end >= 0 ? end : newline < 0 ? buffer.length : newline + 1;
  while (next < buffer.length && isSpace(buffer[next]!)) next++;
  if (newline < 0) return !last ? null : end >= 0 && next === buffer.length ? lines : documents;
  // Two objects on one line; or an object that is whole, or hopeless, where its line ends.
  if (end >= 0) return next < newline && buffer[next] === OPEN ? documents : lines;
  if (end !== MORE) return lines;
  // The object goes on: over several lines, or it was cut, and the next line begins as the first did.
  if (next >= buffer.length) return last ? lines : null;
  if (buffer[next] !== OPEN) return documents;
  const first = firstKey(buffer, at, newline);
  const second = firstKey(buffer, next, buffer.length);
  if (second === null && !last) return null;
  return first !== null && second !== null && first.equals(second) ? lines : documents;
}
