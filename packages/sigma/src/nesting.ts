import { CST, Lexer } from "yaml";

/** Far more than any rule or catalog needs, and far less than the parser's recursion bears. */
const MOST_FLOW = 50;
const MOST_ON_ONE_LINE = 20;
/** Spaces in front of a line. */
export const MOST_INDENTATION = 200;

/**
 * Whether a YAML text is nested so deeply that it is an attack. Asked before parsing, of the lexer, which does not recurse: where the parser's
 * stack ends inside the regular expression engine (half a million `- ` do that), V8 ends the process and nothing can be caught.
 */
export function isTooDeep(text: string): boolean {
  let flow = 0;
  let onLine = 0;
  let lineStart = true;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "flow-map-start" || type === "flow-seq-start") flow++;
    if (type === "flow-map-end" || type === "flow-seq-end") flow = Math.max(0, flow - 1);
    if (flow === 0 && (type === "seq-item-ind" || type === "explicit-key-ind" || type === "map-value-ind")) onLine++;
    if (flow > MOST_FLOW || onLine > MOST_ON_ONE_LINE || (lineStart && type === "space" && token.length > MOST_INDENTATION)) return true;
    lineStart = type === "newline";
    if (lineStart) onLine = 0;
  }
  return false;
}
