import { isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import { clipped, visible } from "../kernel/index.ts";
import type { Place, Problem } from "./catalog.ts";

/** A text of the catalog, and where it stands. */
export interface Text {
  value: string;
  place: Place;
}

/** The file that is being read: turns offsets into places and collects what is wrong. */
export interface Source {
  file: string;
  lines: LineCounter;
  problems: Problem[];
}

const LONGEST_TEXT = 10_000;

export function placeAt({ file, lines }: Source, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A value of the catalog in a message. */
export function quoted(text: string): string {
  return `"${visible(clipped(text, 80))}${text.length > 80 ? "…" : ""}"`;
}

/** A map of a catalog file, read by key; a value of another kind than asked for is a problem, and then counts as missing. */
export class Section {
  readonly place: Place;
  readonly #values = new Map<string, { key: Node; value: unknown }>();
  readonly #source: Source;

  /** @param node the map; anything else is a section without keys */
  constructor(node: unknown, source: Source, place: Place) {
    this.#source = source;
    this.place = isMap(node) && node.range ? placeAt(source, node.range[0]) : place;
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== "string") continue;
      if (this.#values.has(key.value)) this.problem(placeAt(source, key.range?.[0] ?? 0), `The key ${quoted(key.value)} stands here twice.`, "Keep one of them.");
      else this.#values.set(key.value, { key, value });
    }
  }

  problem(place: Place, message: string, hint: string): void {
    this.#source.problems.push({ ...place, message, hint });
  }

  /** Whether anything stands under a key, readable or not. */
  has(key: string): boolean {
    return !isNothing(this.#values.get(key)?.value);
  }

  keys(): Text[] {
    return Array.from(this.#values, ([value, { key }]) => ({ value, place: placeAt(this.#source, key.range?.[0] ?? 0) }));
  }

  /** The map under a key; an empty section where there is none. */
  section(key: string): Section {
    const found = this.#values.get(key);
    if (found === undefined || isNothing(found.value)) return new Section(undefined, this.#source, this.place);
    if (!isMap(found.value)) this.problem(this.#placeOf(found), `${key} must be a map.`, "Write its keys below it, indented.");
    return new Section(found.value, this.#source, this.#placeOf(found));
  }

  /** The text under a key. */
  text(key: string): Text | undefined {
    const found = this.#values.get(key);
    if (found === undefined || isNothing(found.value)) return undefined;
    return this.#textOf(found, found.value, key);
  }

  /** The text under a key, which may also be written as a number. */
  scalar(key: string): Text | undefined {
    const found = this.#values.get(key);
    if (found !== undefined && isScalar(found.value) && typeof found.value.value === "number") return { value: String(found.value.value), place: this.#placeOf(found) };
    return this.text(key);
  }

  /** The texts of the list under a key. */
  texts(key: string): Text[] {
    const found = this.#values.get(key);
    if (found === undefined || isNothing(found.value)) return [];
    if (!isSeq(found.value)) {
      this.problem(this.#placeOf(found), `${key} must be a list.`, "Write each item on a line of its own, after a dash.");
      return [];
    }
    return found.value.items.flatMap((item) => this.#textOf(found, item, key) ?? []);
  }

  #textOf(found: { key: Node; value: unknown }, node: unknown, key: string): Text | undefined {
    const place = isScalar(node) && node.range ? placeAt(this.#source, node.range[0]) : this.#placeOf(found);
    if (isScalar(node) && typeof node.value === "string" && node.value.length <= LONGEST_TEXT) return { value: node.value.trim(), place };
    this.problem(place, `${key} must be a text.`, "Put it in quotes; anchors and aliases are not read.");
    return undefined;
  }

  #placeOf({ key, value }: { key: Node; value: unknown }): Place {
    const range = isScalar(value) || isMap(value) || isSeq(value) ? value.range : key.range;
    return placeAt(this.#source, range?.[0] ?? 0);
  }
}

/** Whether nothing stands where a value could: no node, or an empty one. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}
