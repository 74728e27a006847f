import { clipped, visible } from "../kernel/index.ts";
import type { AlertMessage } from "./schemas.ts";

/** The most that any transport shows; a person reads the rest behind the link. */
const MOST_LINES = 50;
const MOST_FACTS = 40;
const LONGEST_PART = 500;

/** A message as it may be shown: every text on one line of its own, nothing in it that acts instead of showing, each of a length to read. */
export interface ReadableMessage {
  /** The title with what makes the difference in front: `[HIGH] …`, `Resolved: …`. */
  headline: string;
  lines: string[];
  facts: [string, string][];
  /** An absolute http or https URL in its canonical spelling. */
  link: string | null;
}

const PREFIX: Record<AlertMessage["kind"], (level: string) => string> = {
  finding: (level) => `[${level.toUpperCase()}] `,
  acknowledged: () => "Acknowledged: ",
  resolved: () => "Resolved: ",
  digest: () => "",
  test: () => "Test: ",
};

/** Makes a message readable; transports take its texts from here and from nowhere else. */
export function readable(message: AlertMessage): ReadableMessage {
  const cut = message.lines.length - MOST_LINES;
  return {
    headline: shown(PREFIX[message.kind](message.level) + message.title, 2000),
    lines: [...message.lines.slice(0, MOST_LINES).map((line) => shown(line, LONGEST_PART)), ...(cut > 0 ? [`… and ${cut} more`] : [])],
    facts: message.facts.slice(0, MOST_FACTS).map(([name, value]) => [shown(name, 100), shown(value, LONGEST_PART)]),
    link: message.link === null ? null : new URL(message.link).href,
  };
}

/** The text on one line, without anything that acts, in at most `limit` UTF-16 units; a cut is marked with `…`. */
export function shown(text: string, limit: number): string {
  const whole = visible(clipped(text, limit));
  return text.length <= limit && whole.length <= limit ? whole : `${clipped(whole, limit - 1)}…`;
}
