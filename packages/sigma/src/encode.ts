import type { PatternPart } from "./tree.ts";
import { ValueError } from "./value-error.ts";

/** A value on its way through the encoding modifiers: pattern parts, some of them already bytes. */
export type EncodedPart = PatternPart | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** The characters that `windash` takes for one another: hyphen, slash, en dash, em dash, horizontal bar. */
const dashes = "-/\u2013\u2014\u2015";

/** More variants of one value than this are refused. */
const maxVariants = 625;

/** `windash`: every dash may be any dash. */
export function anyDash(parts: readonly EncodedPart[]): EncodedPart[] {
  return parts.flatMap((part): EncodedPart[] => {
    if (part.kind !== "text") return [part];
    return part.text.split(/([-/\u2013\u2014\u2015])/).filter((text) => text !== "").map((text): EncodedPart => (dashes.includes(text) ? { kind: "oneOf", chars: dashes } : { kind: "text", text }));
  });
}

/** `wide`, `utf16le`, `utf16be`, `utf16`: text becomes UTF-16 bytes; wildcards stay. */
export function utf16(parts: readonly EncodedPart[], modifier: "wide" | "utf16le" | "utf16be" | "utf16"): EncodedPart[][] {
  return withoutChoices(parts).map((variant) => {
    const encoded = variant.map((part): EncodedPart => {
      if (part.kind === "bytes") throw new ValueError(`${modifier} cannot encode what is already encoded`);
      if (part.kind !== "text") return part;
      const bytes = Buffer.from(part.text, "utf16le");
      return { kind: "bytes", bytes: modifier === "utf16be" ? bytes.swap16() : bytes };
    });
    return modifier === "utf16" ? [{ kind: "bytes", bytes: Uint8Array.of(0xff, 0xfe) }, ...encoded] : encoded;
  });
}

/** `base64`: the value's bytes (UTF-8 unless encoded before) in Base64. */
export function base64(parts: readonly EncodedPart[]): EncodedPart[][] {
  return withoutChoices(parts).map((variant) => [{ kind: "text", text: joinBytes(variant, "base64").toString("base64") }]);
}

/** `base64offset`: the part of the Base64 text that stays the same whatever surrounds the value, for each of the three alignments. */
export function base64offset(parts: readonly EncodedPart[]): EncodedPart[][] {
  return withoutChoices(parts).flatMap((variant) => {
    const bytes = joinBytes(variant, "base64offset");
    return [0, 1, 2].map((offset): EncodedPart[] => {
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
      // Characters that also carry bits of the neighbours are cut off on both sides.
      const start = [0, 2, 3][offset]!;
      const cut = [0, 3, 2][(bytes.length + offset) % 3]!;
      if (text.length - cut <= start) throw new ValueError("the value is too short for base64offset", "three bytes or more leave something to search for");
      return [{ kind: "text", text: text.slice(start, text.length - cut) }];
    });
  });
}

/** What reaches the event is text again: bytes must be valid UTF-8. */
export function decoded(parts: readonly EncodedPart[]): PatternPart[] {
  return parts.map((part): PatternPart => {
    if (part.kind !== "bytes") return part;
    try {
      return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(part.bytes) };
    } catch {
      throw new ValueError("these bytes are not text that a field can hold", "follow the encoding with base64 or base64offset");
    }
  });
}

function joinBytes(parts: readonly EncodedPart[], modifier: string): Buffer {
  const bytes = Buffer.concat(parts.map((part) => {
    if (part.kind === "text") return Buffer.from(part.text);
    if (part.kind === "bytes") return part.bytes;
    throw new ValueError(`${modifier} cannot encode wildcards`, "write \\* or \\? for the characters themselves, and contains or startswith after the encoding");
  }));
  if (bytes.length === 0) throw new ValueError(`${modifier} has nothing to encode`);
  return bytes;
}

/** Encodings need definite characters: every combination of the choices that `windash` left open. */
function withoutChoices(parts: readonly EncodedPart[]): EncodedPart[][] {
  let variants: EncodedPart[][] = [[]];
  for (const part of parts) {
    const choices: EncodedPart[] = part.kind === "oneOf" ? Array.from(part.chars).map((text) => ({ kind: "text", text })) : [part];
    if (variants.length * choices.length > maxVariants) throw new ValueError(`more than ${maxVariants} variants to encode`, "encode values with fewer dashes");
    variants = variants.flatMap((variant) => choices.map((choice) => joinText([...variant, choice])));
  }
  return variants;
}

/** A dash next to text is part of that text; encodings pad and align on whole texts. */
function joinText(parts: EncodedPart[]): EncodedPart[] {
  const [before, last] = [parts.at(-2), parts.at(-1)];
  return before?.kind === "text" && last?.kind === "text" ? [...parts.slice(0, -2), { kind: "text", text: before.text + last.text }] : parts;
}
