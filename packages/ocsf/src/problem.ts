/** What is wrong; the README of the package says when each is reported. */
export type ProblemCode =
  | "missing"
  | "unknown"
  | "profile"
  | "type"
  | "array"
  | "enum"
  | "sibling"
  | "range"
  | "max_len"
  | "pattern"
  | "class_uid"
  | "type_uid"
  | "at_least_one"
  | "just_one"
  | "depth"
  | "too_many";

/**
 * One thing wrong with an event. `path` leads to the attribute (`actor.user.groups[2].name`; empty for the event itself). Both texts are safe to
 * print: whatever comes from the event is shortened, and its control characters are escaped.
 */
export interface Problem {
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/** A hostile event can be wrong in millions of places; nobody reads past the first thousand, so the walk ends there. */
export const MAX_PROBLEMS = 1000;

/** The problems of one event, in the order found. Once `full`, callers stop walking. */
export class Problems {
  readonly list: Problem[] = [];

  get full(): boolean {
    return this.list.length > MAX_PROBLEMS;
  }

  add(path: string, code: ProblemCode, message: string): void {
    if (this.list.length < MAX_PROBLEMS) this.list.push({ path, code, message });
    else if (!this.full) this.list.push({ path: "", code: "too_many", message: `more than ${MAX_PROBLEMS} problems; the rest of the event was not checked` });
  }
}

const SHOWN_CHARACTERS = 60;

/** A value of the event, short enough and escaped for a message. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const cut = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return JSON.stringify(cut).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The path of an attribute below `parent`; a name that no schema would use is quoted: `metadata["a.b"]`. */
export function below(parent: string, name: string): string {
  if (!/^[a-z_]\w{0,63}$/i.test(name)) return `${parent}[${shown(name)}]`;
  return parent === "" ? name : `${parent}.${name}`;
}
