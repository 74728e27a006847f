import { ValueError } from "./value-error.ts";

/** What is known of a piece of a regular expression. */
interface Piece {
  /** The piece in the syntax that RE2 and its ports agree on. */
  readonly text: string;
  /** A rough number of instructions it compiles to. */
  readonly size: number;
  /** The largest product of nested counted repeats. */
  readonly repeats: number;
  /** A match contains one of these texts; null when nothing is certain. */
  readonly required: readonly string[] | null;
  /** The one text this piece matches, when it is that simple. */
  readonly literal: string | null;
}

const maxSize = 20_000;
const maxRepeats = 1_000;
const maxDepth = 64;
const maxRequired = 64;
const linear = "rules run on a linear-time engine (RE2)";

const category = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfo])$/;
const script = /^(?:Latin|Greek|Cyrillic|Arabic|Hebrew|Han|Hiragana|Katakana|Hangul|Thai|Devanagari)$/;
const posixClass = /^\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/;

/**
 * Parses a regular expression in the common subset of PCRE and RE2, and gives it back in a form every RE2 reads the same
 * way. Throws `ValueError` for errors and for what a linear-time engine cannot do.
 */
export function parseRegex(source: string): Pick<Piece, "text" | "required"> & { readonly ignoresCase: boolean } {
  const parser = new RegexParser(source);
  const piece = parser.parse();
  return { text: piece.text, required: piece.required, ignoresCase: parser.ignoresCase };
}

class RegexParser {
  readonly #source: readonly string[];
  #next = 0;
  ignoresCase = false;

  constructor(source: string) {
    this.#source = Array.from(source);
  }

  parse(): Piece {
    const piece = this.#alternation(0);
    if (this.#next < this.#source.length) throw invalid("a closing parenthesis has no partner");
    if (piece.size > maxSize) throw new ValueError("the regular expression is too large", "use fewer or smaller counted repeats");
    return piece;
  }

  #looking(text: string): boolean {
    return this.#source.slice(this.#next, this.#next + text.length).join("") === text;
  }

  #take(text: string): boolean {
    if (!this.#looking(text)) return false;
    this.#next += text.length;
    return true;
  }

  /** The text that `pattern` (anchored) matches from here, within the next 80 characters; advances over it. */
  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#source.slice(this.#next, this.#next + 80).join(""));
    if (found !== null) this.#next += Array.from(found[0]).length;
    return found;
  }

  #alternation(depth: number): Piece {
    if (depth > maxDepth) throw new ValueError(`the regular expression is nested deeper than ${maxDepth} groups`);
    const branches = [this.#sequence(depth)];
    while (this.#take("|")) branches.push(this.#sequence(depth));
    if (branches.length === 1) return branches[0]!;
    const required = branches.every((branch) => branch.required !== null) ? branches.flatMap((branch) => branch.required ?? []) : null;
    return {
      text: branches.map((branch) => branch.text).join("|"),
      size: branches.reduce((sum, branch) => sum + branch.size + 1, 0),
      repeats: Math.max(...branches.map((branch) => branch.repeats)),
      required: required !== null && required.length <= maxRequired ? required : null,
      literal: null,
    };
  }

  #sequence(depth: number): Piece {
    let [text, size, repeats, run] = ["", 0, 1, ""];
    let required: readonly string[] | null = null;
    let onlyLiteral = true;
    while (this.#next < this.#source.length && !this.#looking("|") && !this.#looking(")")) {
      const piece = this.#quantified(depth);
      text += piece.text;
      size += piece.size;
      repeats = Math.max(repeats, piece.repeats);
      run = piece.literal === null ? "" : run + piece.literal;
      onlyLiteral &&= piece.literal !== null;
      required = better(required, better(piece.required, run === "" ? null : [run]));
    }
    return { text, size, repeats, required, literal: onlyLiteral ? run : null };
  }

  #quantified(depth: number): Piece {
    const atom = this.#atom(depth);
    const found = this.#match(/^(?:[*+?]|\{(\d+)(,(\d*))?\})/);
    if (found === null) return atom.piece;
    if (!atom.repeatable) throw invalid(`"${found[0]}" has nothing to repeat`);
    const lazy = this.#take("?") ? "?" : "";
    if (this.#looking("+")) throw new ValueError("possessive quantifiers are not supported", `${linear}; a plain quantifier finds the same`);
    if (/^(?:[*?]|\{\d+(?:,\d*)?\})/.test(this.#source.slice(this.#next, this.#next + 12).join(""))) throw invalid("a quantifier follows a quantifier");
    const least = found[1] === undefined ? (found[0] === "+" ? 1 : 0) : Number(found[1]);
    const most = found[1] === undefined ? 1 : found[3] ? Number(found[3]) : least;
    if (found[3] && most < least) throw invalid(`"${found[0]}" counts backwards`);
    const repeats = atom.piece.repeats * Math.max(most, 1);
    if (repeats > maxRepeats)
      throw new ValueError(`the regular expression repeats more than ${maxRepeats} times`, `${linear}, which counts to ${maxRepeats}; use * or + where the exact count does not matter`);
    const single = atom.piece.literal === null || Array.from(atom.piece.literal).length === 1 || atom.group;
    return {
      text: (single ? atom.piece.text : `(?:${atom.piece.text})`) + found[0] + lazy,
      size: atom.piece.size * Math.max(most, 1) + 2,
      repeats,
      required: least > 0 ? atom.piece.required : null,
      literal: null,
    };
  }

  #atom(depth: number): { readonly piece: Piece; readonly repeatable: boolean; readonly group: boolean } {
    const plain = (piece: Piece, repeatable = true) => ({ piece, repeatable, group: false });
    if (this.#looking("(")) return this.#group(depth);
    if (this.#looking("[")) return plain(this.#characterClass());
    if (this.#looking("\\")) return this.#escape();
    if (this.#match(/^(?:[*+?]|\{\d+(?:,\d*)?\})/)) throw invalid("a quantifier has nothing to repeat");
    const character = this.#source[this.#next++]!;
    if (character === "^" || character === "$") return plain(opaque(character, 1), false);
    return plain(character === "." ? opaque(".", 12) : literal(character));
  }

  #group(depth: number): { readonly piece: Piece; readonly repeatable: boolean; readonly group: boolean } {
    let open = "(";
    this.#take("(");
    if (this.#match(/^\?<?[=!]/)) throw new ValueError("lookaround is not supported", `${linear}; use a second selection and the condition`);
    if (this.#take("?>")) throw new ValueError("atomic groups are not supported", `${linear}; a plain group (?:...) usually says the same`);
    const flags = this.#match(/^\?([imsU]*(?:-[imsU]+)?)([:)])/);
    if (flags !== null) {
      this.ignoresCase ||= (flags[1] ?? "").split("-")[0]!.includes("i");
      if (flags[2] === ")") return { piece: opaque(flags[1] === "" ? "" : `(${flags[0]}`, 0), repeatable: false, group: true };
      open = `(?${flags[1]}:`;
    } else if (this.#match(/^\?P?<[A-Za-z_]\w{0,31}>/) === null && this.#looking("?")) {
      throw new ValueError("this kind of group is not supported", `${linear}; (...), (?:...), (?<name>...) and (?i) are`);
    }
    const inner = this.#alternation(depth + 1);
    if (!this.#take(")")) throw invalid("a closing parenthesis is missing");
    return { piece: { ...inner, text: `${open}${inner.text})`, size: inner.size + 2, literal: null }, repeatable: true, group: true };
  }

  #escape(): { readonly piece: Piece; readonly repeatable: boolean; readonly group: boolean } {
    const plain = (piece: Piece, repeatable = true) => ({ piece, repeatable, group: false });
    const assertion = this.#match(/^\\[bBAz]/);
    if (assertion !== null) return plain(opaque(assertion[0], 1), false);
    const set = this.#set();
    return plain(set === null ? literal(this.#escapedCharacter()) : opaque(set, set.length > 2 ? 600 : 6));
  }

  /** `\d`, `\w`, `\s`, their opposites, and Unicode categories and a few scripts; null for anything else. */
  #set(): string | null {
    const perl = this.#match(/^\\[dDwWsS]/);
    if (perl !== null) return perl[0];
    const property = this.#match(/^\\([pP])(?:\{(\^?)(\w{1,20})\}|([A-Z]))/);
    if (property === null) return null;
    const name = property[3] ?? property[4] ?? "";
    if (!category.test(name) && !script.test(name)) throw new ValueError(`the Unicode property "${name}" is not supported`, "general categories like \\p{Lu} are");
    return `\\${(property[1] === "P") === (property[2] === "^") ? "p" : "P"}{${name}}`;
  }

  #escapedCharacter(): string {
    const code = this.#match(/^\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/);
    if (code !== null) {
      const point = Number.parseInt(code[1] ?? code[2] ?? "", 16);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw invalid(`${code[0]} is not a character`);
      return String.fromCodePoint(point);
    }
    const [, character] = this.#source.slice(this.#next, this.#next + 2);
    if (character === undefined) throw invalid("it ends in a backslash");
    const control = { a: "\u0007", f: "\f", n: "\n", r: "\r", t: "\t" }[character];
    if (/[1-9gk]/.test(character)) throw new ValueError("backreferences are not supported", linear);
    if (control === undefined && /[A-Za-z0-9\u0080-\u{10ffff}]/u.test(character))
      throw new ValueError(`the escape \\${character} is not supported`, character === "Z" ? "write \\z for the end of the text" : "write the character itself, or \\x{...} with its code");
    this.#next += 2;
    return control ?? character;
  }

  #characterClass(): Piece {
    this.#take("[");
    let text = this.#take("^") ? "[^" : "[";
    let size = text === "[^" ? 20 : 2;
    let first = true;
    while (first || !this.#looking("]")) {
      if (this.#next >= this.#source.length) throw invalid("a closing ] is missing");
      const posix = this.#match(posixClass);
      const named = posix === null ? this.#match(/^\[:\^?\w*:\]/) : null;
      if (named !== null) throw invalid(`there is no class ${named[0]}`);
      const set = posix === null ? this.#set() : posix[0];
      text += set ?? this.#classRange();
      size += set === null ? 3 : set.startsWith("\\p") || set.startsWith("\\P") ? 600 : 10;
      first = false;
    }
    this.#take("]");
    return opaque(`${text}]`, size);
  }

  #classRange(): string {
    const character = (): string => {
      if (this.#take("\\b")) return "\b";
      if (!this.#looking("\\")) return this.#source[this.#next++]!;
      return this.#escapedCharacter();
    };
    const from = character();
    if (!this.#looking("-") || this.#looking("-]") || this.#next + 1 >= this.#source.length) return quoted(from);
    this.#take("-");
    if (this.#set() !== null) throw invalid("a range ends in a set of characters");
    const to = character();
    if (from.codePointAt(0)! > to.codePointAt(0)!) throw invalid(`the range ${from}-${to} counts backwards`);
    return `${quoted(from)}-${quoted(to)}`;
  }
}

function literal(character: string): Piece {
  return { text: quoted(character), size: 4, repeats: 1, required: [character], literal: character };
}

function opaque(text: string, size: number): Piece {
  return { text, size, repeats: 1, required: null, literal: null };
}

/** Characters that mean something to some engine are written by their code. */
function quoted(character: string): string {
  return /^[A-Za-z0-9_ /:;,'"<>=@%~\u00a1-\u{10ffff}]$/u.test(character) ? character : `\\x{${character.codePointAt(0)!.toString(16)}}`;
}

/** Quotes a whole text for use inside a regular expression. */
export function quoteRegex(text: string): string {
  return Array.from(text).map(quoted).join("");
}

/** The more selective of two certainties: the longer shortest text, then the fewer. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  const [lengthA, lengthB] = [shortest(a), shortest(b)];
  return lengthB > lengthA || (lengthB === lengthA && b.length < a.length) ? b : a;
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

function invalid(message: string): ValueError {
  return new ValueError(`the regular expression is invalid: ${message}`);
}
