import type { Engine } from "../../lake/index.ts";
import type { Rows } from "./rows.ts";

/** Replaces each lone surrogate escape by the escape of U+FFFD; everything else stays as it is. */
function replaceLoneSurrogates(json: string): string {
  return json.replace(/\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|ud[89a-f][0-9a-f]{2}|.)/gis, (escape) =>
    escape.length === 6 && /^\\ud[89a-f]/i.test(escape) ? "\\ufffd" : escape,
  );
}

/**
 * Finds the rows that DuckDB cannot parse. Where only a lone surrogate is at fault the row is read in a repaired form, so that
 * nobody hides an event by a broken character in a user agent; the exact bytes are kept. All others are dropped from `rows`.
 * @returns the dropped rows, with what is wrong with them
 */
export async function repair(engine: Engine, rows: Rows): Promise<{ row: number; reason: string }[]> {
  const unreadable = async (): Promise<number[]> =>
    (await engine.rows("SELECT rn FROM records WHERE NOT json_valid(coalesce(replaced, raw))")).map(([rn]) => Number(rn));
  const dropped: { row: number; reason: string }[] = [];
  const drop = (row: number, reason: string): void => {
    rows.dropped.add(row);
    dropped.push({ row, reason });
  };
  for (const row of await unreadable()) {
    const text = rows.text(row);
    try {
      JSON.parse(text);
      rows.replaced.set(row, replaceLoneSurrogates(text));
    } catch (error) {
      drop(row, `not valid JSON: ${complaint(error)}`);
    }
  }
  for (const row of await unreadable()) drop(row, "not valid JSON for the query engine");
  return dropped;
}

/** V8 quotes the text in its message; the place is enough, and the text may be hostile or secret. */
function complaint(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const position = /at position \d+/.exec(message);
  if (/unexpected end/i.test(message)) return "it ends too early";
  return position ? `something unexpected ${position[0]}` : "it does not parse";
}
