/**
 * Whether a name fits a pattern in which `*` stands for any run of characters, none included. Upper and lower case differ.
 * Piece by piece from the left, never back: linear in the name for each piece, where a regular expression may take forever.
 */
export function globMatches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return from <= name.length - last.length;
}
