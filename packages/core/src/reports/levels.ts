import { LEVELS, type Finding, type Level } from "../findings/index.ts";
import { html, type Html } from "./html.ts";

/** Most urgent first. */
export const URGENT_FIRST: readonly Level[] = LEVELS.toReversed();

/** A level has a shape as well as a colour, so that it is told apart without seeing colours. Drawn around 0,0 within a radius of 8. */
const SHAPES: Record<Level, string> = {
  critical: "M0-8 8 0 0 8-8 0Z",
  high: "M0-7 8 6.5-8 6.5Z",
  medium: "M-6-6H6V6H-6Z",
  low: "M0-6.5A6.5 6.5 0 0 1 0 6.5 6.5 6.5 0 0 1 0-6.5Z",
  informational: "M0-6A6 6 0 0 1 0 6 6 6 0 0 1 0-6ZM0-3A3 3 0 0 0 0 3 3 3 0 0 0 0-3Z",
};

export function levelName(level: Level): string {
  return level === "informational" ? "Info" : level.charAt(0).toUpperCase() + level.slice(1);
}

/** Sort key: 0 is informational. */
export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** Level, and how many of the findings have it, most urgent first; levels that do not occur are left out. */
export function levelTally(findings: Finding[]): [Level, number][] {
  const tally = new Map<Level, number>();
  for (const finding of findings) tally.set(finding.level, (tally.get(finding.level) ?? 0) + 1);
  return URGENT_FIRST.flatMap((level): [Level, number][] => (tally.has(level) ? [[level, tally.get(level) ?? 0]] : []));
}

/** The shapes, to be put into the page once; `levelIcon` and the chart refer to them. */
export function levelSymbols(): Html {
  return html`<svg width="0" height="0" class="defs" aria-hidden="true"><defs>${LEVELS.map((level) => html`<path id="shape-${level}" d="${SHAPES[level]}"/>`)}</defs></svg>`;
}

export function levelIcon(level: Level): Html {
  return html`<svg class="icon ${level}" viewBox="-9 -9 18 18" aria-hidden="true"><use href="#shape-${level}"/></svg>`;
}
