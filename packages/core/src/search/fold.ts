/**
 * A name as the engine compares it: the letters A to Z are lower-cased and no others. JavaScript's `toLowerCase` would also make a k of the sign for kelvin (U+212A),
 * and so take a name for another that the engine then looks for elsewhere.
 */
export function folded(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
