/**
 * Lower-cases text exactly as DuckDB 1.5's `lower()` does: code point by code point, with the simple case mapping of
 * Unicode 15. JavaScript's own `toLowerCase` looks at neighbours (final sigma), makes two characters of the dotted capital
 * I, and follows the Unicode version of the runtime. An exhaustive test compares the two.
 */
export function lowerCase(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  let lower = "";
  for (const character of text) lower += character === "\u0130" ? "i" : newerCapital.test(character) ? character : character.toLowerCase();
  return lower;
}

/** Capital letters that Unicode got after version 15. */
const newerCapital = /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;
