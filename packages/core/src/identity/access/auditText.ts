import { visible } from "../../kernel/index.ts";

const TOKEN = "cdy_[0-9a-f]{80}";
const TOKENS = new RegExp(TOKEN, "g");
const TOKEN_ANYWHERE = new RegExp(TOKEN);

/** Whether a text has an API token of ours in it. */
export function hasToken(text: string): boolean {
  return TOKEN_ANYWHERE.test(text);
}

/**
 * A text that somebody typed, as a row of the audit takes it whatever it is: tokens are taken out, first of all, so that no half of one is left; what does not show is written
 * out; and of the rest there is as much as fits.
 * @param bytes the most that it takes in the row, in bytes of JSON without the quotes
 */
export function auditText(text: string, bytes: number): string {
  // No character takes less than a byte.
  const shown = visible(text.replaceAll(TOKENS, "cdy_…").slice(0, bytes));
  let end = 0;
  let taken = 0;
  for (const character of shown) {
    taken += Buffer.byteLength(JSON.stringify(character)) - 2;
    if (taken > bytes) break;
    end += character.length;
  }
  return shown.slice(0, end);
}
