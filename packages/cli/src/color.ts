import { isatty } from "node:tty";
import pc from "picocolors";
import type { Level } from "@corduroy/contract";

export type Colors = ReturnType<typeof pc.createColors>;

/** Colour is for terminals that have it, unless the user wants none (no-color.org). */
export function colorful(stream: NodeJS.WriteStream & { fd: number }): boolean {
  return isatty(stream.fd) && stream.hasColors() && !process.env["NO_COLOR"];
}

/** The colour of a level. */
export function paint(level: Level, colors: Colors): (text: string) => string {
  const paints = { critical: (text: string) => colors.bold(colors.red(text)), high: colors.red, medium: colors.yellow, low: colors.cyan, informational: colors.dim };
  return paints[level];
}
