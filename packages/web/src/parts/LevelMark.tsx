import type { Level } from "@corduroy/contract";
import type { ReactNode } from "react";

/** A level has a shape as well as a colour, so that it is told apart without seeing colours: as in the HTML report. */
const SHAPES: Record<Level, string> = {
  critical: "M0-8 8 0 0 8-8 0Z",
  high: "M0-7 8 6.5-8 6.5Z",
  medium: "M-6-6H6V6H-6Z",
  low: "M0-6.5A6.5 6.5 0 0 1 0 6.5 6.5 6.5 0 0 1 0-6.5Z",
  informational: "M0-6A6 6 0 0 1 0 6 6 6 0 0 1 0-6ZM0-3A3 3 0 0 0 0 3 3 3 0 0 0 0-3Z",
};

/** Most urgent first. */
export const LEVELS: readonly Level[] = ["critical", "high", "medium", "low", "informational"];

export function levelName(level: Level): string {
  return level === "informational" ? "Info" : level.charAt(0).toUpperCase() + level.slice(1);
}

/** The mark of a level, with its name for those who listen. */
export function LevelMark({ level }: { level: Level }): ReactNode {
  return (
    <svg className={`icon ${level}`} viewBox="-9 -9 18 18" role="img" aria-label={levelName(level)}>
      <title>{levelName(level)}</title>
      <path d={SHAPES[level]} />
    </svg>
  );
}

/** The mark with the level's name beside it. */
export function LevelName({ level }: { level: Level }): ReactNode {
  return (
    <span className={`level ${level}`}>
      <svg className="icon" viewBox="-9 -9 18 18" aria-hidden="true">
        <path d={SHAPES[level]} />
      </svg>
      {levelName(level)}
    </span>
  );
}
