import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import { isTooDeep, type Problem } from "@corduroy/sigma";

/** One test of a rule, as docs/rules.md describes it. Lines and columns count from 1. */
export interface RuleTest {
  name: string;
  /** Whether the rule has to match the event. */
  match: boolean;
  /** The vendor's record as JSON text, or the lines of text that make one event. */
  event: string;
  line: number;
  column: number;
}

const TEST_KEYS = ["name", "match", "event"];

/**
 * Reads a test file: YAML 1.2, `tests:` with a list of `name`, `match` and `event`.
 * @returns the tests that can be run, and everything its author has to fix; never throws on text
 */
export function parseRuleTests(text: string, file: string): { tests: RuleTest[]; problems: Problem[] } {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const problemAt = (offset: number, message: string, hint?: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), message, ...(hint === undefined ? {} : { hint }) });
  };
  try {
    if (isTooDeep(text)) throw new RangeError("too deep");
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    for (const error of document.errors) problemAt(error.pos[0], `YAML: ${error.message.split("\n")[0]}`);
    if (problems.length > 0) return { tests: [], problems };
    return { tests: readTests(new Reader(document, problemAt), lines), problems };
  } catch (error) {
    problemAt(0, `it cannot be read: ${error instanceof RangeError ? "it is nested too deeply" : String(error)}`);
    return { tests: [], problems };
  }
}

/** The nodes of a document with their places; what is wrong is told through `problemAt`. */
class Reader {
  constructor(
    readonly document: Document.Parsed,
    private readonly problemAt: (offset: number, message: string, hint?: string) => void,
  ) {}

  problem(node: unknown, message: string, hint?: string): void {
    this.problemAt(offsetOf(node), message, hint);
  }

  follow(node: unknown): Node | null {
    const found = isAlias(node) ? node.resolve(this.document) : node;
    return isMap(found) || isSeq(found) || isScalar(found) ? found : null;
  }

  /** The values of a map by key; a key that is not among `known` is a problem. */
  entries(map: Node, known: readonly string[]): Map<string, Node | null> {
    const found = new Map<string, Node | null>();
    if (!isMap(map)) return found;
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (known.includes(name)) found.set(name, this.follow(value));
      else this.problem(key, `unknown key ${JSON.stringify(name)}`, `known ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`);
    }
    return found;
  }
}

const offsetOf = (node: unknown): number => (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0);

function readTests(reader: Reader, lines: LineCounter): RuleTest[] {
  const root = reader.document.contents;
  if (!isMap(root)) {
    reader.problem(root, "a test file is a map", "begin with tests:");
    return [];
  }
  const list = reader.entries(root, ["tests"]).get("tests");
  if (!isSeq(list)) {
    reader.problem(list ?? root, "tests must be a list", "each test has name, match and event");
    return [];
  }
  return list.items.flatMap((item) => {
    const test = readTest(reader, item);
    const { line, col } = lines.linePos(offsetOf(item));
    return test ? [{ ...test, line, column: col }] : [];
  });
}

function readTest(reader: Reader, item: unknown): Pick<RuleTest, "name" | "match" | "event"> | null {
  const map = reader.follow(item);
  if (!isMap(map)) {
    reader.problem(item, "a test is a map", "each test has name, match and event");
    return null;
  }
  const values = reader.entries(map, TEST_KEYS);
  const missing = TEST_KEYS.filter((key) => !values.has(key));
  if (missing.length > 0) reader.problem(item, `the test has no ${missing.join(" and no ")}`);
  const name = values.get("name");
  const match = values.get("match");
  const event = values.get("event");
  const named = isScalar(name) && typeof name.value === "string" && name.value !== "" ? name.value : null;
  const matched = isScalar(match) && typeof match.value === "boolean" ? match.value : null;
  if (values.has("name") && named === null) reader.problem(name ?? item, "name must be text");
  if (values.has("match") && matched === null) reader.problem(match ?? item, "match must be true or false");
  const line = isScalar(event) && typeof event.value === "string" ? event.value.replace(/\n$/, "") || null : null;
  if (values.has("event") && !isMap(event) && line === null) reader.problem(event ?? item, "event must be a map: the whole record, as the vendor writes it", "or the lines of one event, for a log that is text");
  if (named === null || matched === null) return null;
  if (line !== null) return { name: named, match: matched, event: line };
  if (!isMap(event)) return null;
  if (!exactNumbers(reader, event)) return null;
  return { name: named, match: matched, event: JSON.stringify(event.toJS(reader.document, { maxAliasCount: 100 })) };
}

/** Whether JSON text made of the event says the same as the YAML did; a test on another number would prove nothing. */
function exactNumbers(reader: Reader, event: Node): boolean {
  let exact = true;
  visit(event, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value !== "number" || (Number.isFinite(scalar.value) && (!Number.isInteger(scalar.value) || Number.isSafeInteger(scalar.value)))) return;
      reader.problem(scalar, `the number ${scalar.source} cannot be kept exactly`, "put it in quotes if it is an id");
      exact = false;
    },
  });
  return exact;
}
