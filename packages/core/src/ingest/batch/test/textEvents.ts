import { readFileSync } from "node:fs";
import type { SourceDefinition } from "../../../sources/index.ts";
import { LineJoiner } from "../joiner.ts";

/** The events of a file of text, in the order in which they are whole: its lines, joined where the source joins them. */
export function textEvents(source: SourceDefinition, file: string): string[] {
  const lines = readFileSync(file).toString("utf8").split("\n").filter((line) => line !== "").map((line) => Buffer.from(line));
  const { joins } = source.text!;
  if (!joins) return lines.map(String);
  const joiner = new LineJoiner(joins);
  const slices = lines.flatMap((buffer, index) => joiner.take({ buffer, start: 0, end: buffer.length, no: index + 1 }));
  return [...slices, ...joiner.rest()].map(({ buffer, start, end }) => buffer.toString("utf8", start, end));
}
