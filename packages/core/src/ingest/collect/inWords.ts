import { CorduroyError, visible } from "../../kernel/index.ts";

/** An error as a collector's problem: for a person, on one line. */
export function inWords(error: unknown): string {
  const text = error instanceof CorduroyError ? [error.message, error.hint ?? ""].join(" ").trim() : `An unexpected error: ${error instanceof Error ? error.message : String(error)}`;
  return visible(text).slice(0, 1_000);
}
