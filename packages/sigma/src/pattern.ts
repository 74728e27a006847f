import type { PatternPart, TextTest } from "./tree.ts";

/**
 * Reads a value's wildcards: `*` any run, `?` one character; a backslash before `*`, `?` or `\` makes it plain, any other
 * backslash stands for itself (Sigma rules specification, Escaping).
 */
export function parsePattern(text: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    const following = text[index + 1];
    if (character === "\\" && (following === "*" || following === "?" || following === "\\")) {
      plain += following;
      index++;
    } else if (character === "*" || character === "?") {
      flush();
      parts.push({ kind: character === "*" ? "many" : "one" });
    } else plain += character;
  }
  flush();
  return parts;
}

export const many: PatternPart = { kind: "many" };

/** The simplest test that says the same as the pattern. */
export function patternTest(given: readonly PatternPart[], cased: boolean): TextTest {
  const parts = simplify(given);
  const texts = parts.filter((part) => part.kind === "text");
  const shape = parts.map((part) => part.kind).join(" ");
  const text = texts[0]?.text ?? "";
  if (shape === "" || shape === "text") return { kind: "equals", text, cased };
  if (shape === "many") return { kind: "anything" };
  if (shape === "text many") return { kind: "startsWith", text, cased };
  if (shape === "many text") return { kind: "endsWith", text, cased };
  if (shape === "many text many") return { kind: "contains", text, cased };
  return { kind: "like", parts, cased };
}

/** Joins neighbouring texts, and runs of `*`. */
function simplify(parts: readonly PatternPart[]): PatternPart[] {
  const simple: PatternPart[] = [];
  for (const part of parts) {
    const last = simple.at(-1);
    if (part.kind === "text" && last?.kind === "text") simple[simple.length - 1] = { kind: "text", text: last.text + part.text };
    else if (part.kind !== "many" || last?.kind !== "many") simple.push(part);
  }
  return simple;
}
