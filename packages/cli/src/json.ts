/** A value as indented JSON in which nothing is left that a terminal would obey: it is escaped, and reads back the same. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(/[\u007F-\u009F\u2028\u2029]|\p{Cf}/gu, (character) => character.replace(/[\0-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`))}\n`;
}
