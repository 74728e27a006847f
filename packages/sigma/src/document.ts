import { Document, isAlias, isMap, isScalar, isSeq, visit, type LineCounter, type Node, type Range, type Scalar, type YAMLError } from "yaml";
import type { Place, Problem } from "./rule.ts";

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  /** Null for an empty value. Aliases are already followed. */
  readonly value: Node | null;
}

/** What is needed of a YAML document; the library's own, or one of the quick reader's. */
export interface YamlDocument {
  readonly contents: Node | null;
  readonly errors: readonly YAMLError[];
  readonly warnings: readonly YAMLError[];
  readonly range: Range;
}

/** One YAML document, read by node so that every problem has a place. Problems collect in `problems`. */
export class SigmaDocument {
  readonly file: string;
  readonly problems: Problem[] = [];
  readonly #document: YamlDocument;
  readonly #lines: LineCounter;
  #anchors: ReadonlyMap<string, Node> | undefined;

  constructor(file: string, document: YamlDocument, lines: LineCounter) {
    this.file = file;
    this.#document = document;
    this.#lines = lines;
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  place(node: Node | null): Place {
    return this.placeAt(node?.range?.[0] ?? this.#document.contents?.range?.[0] ?? this.#document.range[0]);
  }

  problem(at: Node | Place | null, message: string, hint?: string): void {
    const place = at !== null && "line" in at && "column" in at ? at : this.place(at);
    this.problems.push({ file: this.file, ...place, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** Follows aliases; null for an alias that leads nowhere (the YAML parser reports those) and for empty values. */
  follow(node: unknown): Node | null {
    let current = node;
    for (let hops = 0; isAlias(current) && hops < 16; hops++) current = (this.#anchors ??= anchorsOf(this.#document.contents)).get(current.source);
    return isScalar(current) || isMap(current) || isSeq(current) ? current : null;
  }

  /** The pairs of a map in order, each key once; duplicates, merge keys and keys that are not text are problems. */
  entries(map: Node): Entry[] {
    const found = new Map<string, Entry>();
    if (!isMap(map)) return [];
    for (const pair of map.items) {
      const keyNode = this.follow(pair.key);
      if (!isScalar(keyNode)) {
        this.problem(keyNode ?? map, "a key must be plain text");
        continue;
      }
      const key = scalarText(keyNode);
      if (key === "<<") this.problem(keyNode, "merge keys (<<) are not part of Sigma", "write the entries out");
      else if (found.has(key)) this.problem(keyNode, `the key "${key}" is given twice`, "merge the two, or use a list");
      else found.set(key, { key, keyNode, value: this.follow(pair.value) });
    }
    return [...found.values()];
  }

  /** Plain data of a node, for keys that Sigma does not define. */
  data(node: Node | null): unknown {
    return node === null ? null : (node.toJS(this.#document instanceof Document ? this.#document : new Document(), { maxAliasCount: 100 }) as unknown);
  }

  /** The place of the character at `offset` inside a one-line scalar's text; for others, the scalar's start. */
  placeInside(scalar: Scalar, offset: number): Place {
    const start = scalar.range?.[0] ?? 0;
    const quoted = scalar.type === "QUOTE_SINGLE" || scalar.type === "QUOTE_DOUBLE";
    return scalar.type === "PLAIN" || quoted ? this.placeAt(Math.min(start + (quoted ? 1 : 0) + offset, scalar.range?.[1] ?? start)) : this.placeAt(start);
  }
}

/** Once for all aliases: the YAML library walks the whole document for each. */
function anchorsOf(root: Node | null): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  visit(root, {
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return anchors;
}

/** The text of a scalar: strings as they are, anything else as written. */
export function scalarText(scalar: Scalar): string {
  if (typeof scalar.value === "string") return scalar.value;
  return scalar.source ?? (scalar.value === null || scalar.value === undefined ? "" : JSON.stringify(scalar.value));
}
