import type { Question } from "./questions.ts";

/**
 * Asks the service, and reads the answer to its end.
 * @returns milliseconds from the request to the last line
 * @throws Error when the answer is another than the question's
 */
export async function ask(origin: string, token: string, { sql, rows }: Question): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${origin}/v1/query`, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql }) });
  const text = await response.text();
  const taken = performance.now() - began;
  const end = text.trimEnd().split("\n").at(-1) ?? "";
  const answered = response.ok ? (JSON.parse(end) as { end?: { rows: number } }).end?.rows : undefined;
  if (answered !== rows) throw new Error(`${sql}\nhas ${rows} rows, and the answer was: ${end.slice(0, 500)}`);
  return taken;
}
