import { visibleBlock } from "../kernel/index.ts";

/** Markup that is known to be safe: made by `html`, or vouched for by `trusted`. */
export class Html {
  readonly #markup: string;
  constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a template: text and numbers are escaped, markup is kept, lists are joined, `null` and `false` are nothing. */
export type Part = Html | string | number | null | false | readonly Part[];

/**
 * Tagged template for HTML and SVG. Every interpolated text is escaped for element content and for quoted attribute values, and
 * its control and bidirectional characters are written out. Never interpolate into a tag name, an attribute name or `<style>`.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let markup = strings[0] ?? "";
  for (const [i, part] of parts.entries()) markup += markupOf(part) + (strings[i + 1] ?? "");
  return new Html(markup);
}

/** Vouches for markup written by us, such as the style sheet. Never for anything that came from outside. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function markupOf(part: Part): string {
  if (part === null || part === false) return "";
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.map(markupOf).join("");
  return escapeMarkup(visibleBlock(String(part)));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}
