import { Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";
import { MOST_INDENTATION } from "./nesting.ts";

/**
 * Reads the plain block style that nearly all rules are written in, some ten times faster than the YAML library (measured:
 * 3,000 rules take it a second or more, which is felt at every start). Gives the library's own nodes with the same values
 * and places, or null for anything it is not sure of: then the library reads the file. A test holds the two together.
 */
export function readBlockYaml(text: string): Node | null {
  if (/[^\n\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|^(?:---|\.\.\.|%)/m.test(text)) return null;
  const reader = new BlockReader(text);
  const root = reader.block(0);
  return root !== null && reader.finished ? root : null;
}

interface Line {
  readonly indent: number;
  /** Where `content` starts in the file. */
  readonly offset: number;
  /** Without indentation and trailing spaces; empty for a blank line. */
  readonly content: string;
  /** Whether nothing was trimmed behind the content. */
  readonly exact: boolean;
}

const plainKey = /^[A-Za-z_][\w.|$@/-]*(?: [\w.|$@/-]+)*(?=:(?: |$))/;
const quotedKey = /^'[^']*'(?=:(?: |$))/;

class BlockReader {
  readonly #lines: readonly Line[];
  #next = 0;

  constructor(text: string) {
    let offset = 0;
    this.#lines = text.split("\n").map((line) => {
      const content = line.replace(/^ +| +$/g, "");
      const indent = content === "" ? 0 : line.search(/[^ ]/);
      const found = { indent, offset: offset + indent, content, exact: line.length === indent + content.length };
      offset += line.length + 1;
      return found;
    });
  }

  get finished(): boolean {
    return this.#line() === undefined;
  }

  /** The next line with content; skips blank lines and comments. */
  #line(): Line | undefined {
    let line = this.#lines[this.#next];
    while (line !== undefined && (line.content === "" || line.content.startsWith("#"))) line = this.#lines[++this.#next];
    return line;
  }

  /** The map or list at this indentation. */
  block(indent: number): Node | null {
    const line = this.#line();
    if (line === undefined || line.indent !== indent || indent > MOST_INDENTATION) return null;
    return line.content.startsWith("- ") ? this.#list(indent) : this.#map(indent, null);
  }

  /** `first` is the rest of a list's line that starts a map. */
  #map(indent: number, first: Line | null): Node | null {
    const map = new YAMLMap();
    for (let line = first ?? this.#line(); line !== undefined && line.indent === indent; line = this.#line()) {
      const key = (plainKey.exec(line.content) ?? quotedKey.exec(line.content))?.[0];
      if (key === undefined || /^(?:null|true|false)$/i.test(key)) return null;
      this.#next++;
      const rest = line.content.slice(key.length + 1);
      const gap = Math.max(rest.search(/[^ ]/), 0);
      const value = this.#value(rest.slice(gap), line.offset + key.length + 1 + gap, indent, true);
      if (value === null) return null;
      const keyNode = key.startsWith("'") ? scalar(key.slice(1, -1), Scalar.QUOTE_SINGLE, key, line.offset) : scalar(key, Scalar.PLAIN, key, line.offset);
      map.items.push(new Pair(keyNode, value));
      map.range ??= [line.offset, line.offset, line.offset];
    }
    return this.#endsBlock(indent) ? map : null;
  }

  #list(indent: number): Node | null {
    const list = new YAMLSeq();
    for (let line = this.#line(); line !== undefined && line.indent === indent && line.content.startsWith("- "); line = this.#line()) {
      const content = line.content.slice(2);
      if (content.startsWith(" ")) return null;
      const offset = line.offset + 2;
      let item: Node | null;
      if (plainKey.test(content) || quotedKey.test(content)) item = this.#map(indent + 2, { ...line, indent: indent + 2, offset, content });
      else {
        this.#next++;
        item = this.#value(content, offset, indent, false);
      }
      if (item === null) return null;
      list.items.push(item);
      list.range ??= [line.offset, line.offset, line.offset];
    }
    return this.#endsBlock(indent) ? list : null;
  }

  /** Whatever follows a block is less indented, or is a key after a list as deep as its key. */
  #endsBlock(indent: number): boolean {
    const line = this.#line();
    return line === undefined || line.indent < indent || (line.indent === indent && !line.content.startsWith("-"));
  }

  #value(rest: string, offset: number, indent: number, inMap: boolean): Node | null {
    if (rest === "" || rest.startsWith("#")) {
      const line = this.#line();
      if (!inMap || line === undefined) return null;
      if (line.indent === indent && line.content.startsWith("- ")) return this.#list(indent);
      return line.indent > indent ? this.block(line.indent) : null;
    }
    if (/^[|>]-?$/.test(rest)) return inMap ? this.#blockScalar(rest, offset, indent) : null;
    const value = readScalar(rest, offset);
    const following = this.#line();
    // A deeper line would continue the text.
    return following !== undefined && following.indent > indent ? null : value;
  }

  /** A `|` block: the lines below, without their common indentation. Of a `>` block they are joined, as far as no line is indented further. */
  #blockScalar(header: string, offset: number, indent: number): Node | null {
    const folded = header.startsWith(">");
    const [first] = this.#lines.slice(this.#next, this.#next + 1);
    if (first === undefined || first.content === "" || first.indent <= indent) return null;
    const texts: string[] = [];
    for (let line = this.#lines[this.#next]; line !== undefined && (line.content === "" || line.indent > indent); line = this.#lines[++this.#next]) {
      if (!line.exact || (line.content !== "" && (line.indent < first.indent || (folded && line.indent > first.indent)))) return null;
      texts.push(line.content === "" ? "" : " ".repeat(line.indent - first.indent) + line.content);
    }
    while (texts.at(-1) === "") texts.pop();
    const text = folded ? texts.join("\n").replaceAll(/\n+/g, (gap) => (gap === "\n" ? " " : gap.slice(1))) : texts.join("\n");
    return scalar(header.endsWith("-") ? text : `${text}\n`, folded ? Scalar.BLOCK_FOLDED : Scalar.BLOCK_LITERAL, "", offset);
  }
}

const comment = /^(?: +#.*)?$/;
/** What else the core schema takes for a number. */
const otherNumber = /^(?:0o[0-7]+|0x[\dA-Fa-f]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.inf|\.nan)$/i;

function readScalar(text: string, offset: number): Node | null {
  if (text.startsWith("'")) {
    const found = /^'((?:[^']|'')*)'/.exec(text);
    return found !== null && comment.test(text.slice(found[0].length)) ? scalar(found[1]!.replaceAll("''", "'"), Scalar.QUOTE_SINGLE, found[0], offset) : null;
  }
  if (text.startsWith('"')) {
    const found = /^"((?:[^"\\]|\\["\\])*)"/.exec(text);
    return found !== null && comment.test(text.slice(found[0].length)) ? scalar(found[1]!.replaceAll(/\\(.)/g, "$1"), Scalar.QUOTE_DOUBLE, found[0], offset) : null;
  }
  const plain = text.replace(/ +#.*$/, "");
  if (/^[?:,[\]{}#&*!|>%@`]|^-(?![\w.])|: |:$/.test(plain)) return null;
  if (/^(?:null|true|false|~)$/i.test(plain)) {
    const value = { null: null, true: true, false: false }[plain];
    return value === undefined ? null : scalar(value, Scalar.PLAIN, plain, offset);
  }
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(plain)) return scalar(Number(plain), Scalar.PLAIN, plain, offset);
  return otherNumber.test(plain) ? null : scalar(plain, Scalar.PLAIN, plain, offset);
}

function scalar(value: unknown, type: Scalar.Type, source: string, offset: number): Scalar {
  const node = new Scalar(value);
  node.type = type;
  if (type === Scalar.PLAIN) node.source = source;
  node.range = [offset, offset + source.length, offset + source.length];
  return node;
}
