/** What a key press leads to: a shortcut that is complete, or keys that wait for the next. */
export interface Step {
  run: string | null;
  /** Keys pressed so far of a longer shortcut: `g`. */
  pending: string;
}

/**
 * Follows shortcuts of one or more keys, such as `j` or `g n`. A key that does not go on with what was pressed begins anew.
 * @param pending what the step before left
 * @param key the key as `KeyboardEvent.key` names it
 * @param known all shortcuts that hold now
 */
export function step(pending: string, key: string, known: readonly string[]): Step {
  const pressed = pending === "" ? key : `${pending} ${key}`;
  if (known.includes(pressed)) return { run: pressed, pending: "" };
  if (known.some((shortcut) => shortcut.startsWith(`${pressed} `))) return { run: null, pending: pressed };
  return pending === "" ? { run: null, pending: "" } : step("", key, known);
}
