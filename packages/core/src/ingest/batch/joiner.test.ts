import fc from "fast-check";
import { expect, it } from "vitest";
import type { Slice } from "../read/split.ts";
import { LineJoiner } from "./joiner.ts";

/** Lines `<event>:<text>`, the last one of an event ends with `.`; a line without a colon is an event by itself. */
const joins = (line: string): { event: string; last: boolean } | null => (line.includes(":") ? { event: line.split(":")[0]!, last: line.endsWith(".") } : null);

const sliceOf = (text: string, no: number): Slice => {
  const buffer = Buffer.from(text);
  return { buffer, start: 0, end: buffer.length, no };
};

const textOf = ({ buffer, start, end, no }: Slice): string => `${no} ${buffer.toString("utf8", start, end)}`;

function joined(lines: readonly string[]): { records: string[]; rest: string[] } {
  const joiner = new LineJoiner(joins);
  const records = lines.flatMap((line, index) => joiner.take(sliceOf(line, index + 1))).map(textOf);
  return { records, rest: joiner.rest().map(textOf) };
}

it("joins the lines of an event, whatever stands between them", () => {
  expect(joined(["a:1", "alone", "b:1", "a:2.", "b:2."])).toEqual({ records: ["2 alone", "1 a:1\na:2.", "3 b:1\nb:2."], rest: [] });
});

it("gives an event whose end never comes when its lines are far behind, or at the end", () => {
  const far = Array.from({ length: 1001 }, (_, index) => `x${index}`);
  expect(joined(["a:1", ...far]).records.slice(-2)).toEqual(["1 a:1", "1002 x1000"]);
  expect(joined(["a:1", "b:1", "a:2"])).toEqual({ records: [], rest: ["1 a:1\na:2", "2 b:1"] });
});

it("gives an event of more than a MiB in several records", () => {
  const long = `a:${"x".repeat(700_000)}`;
  expect(joined([long, long, "a:2."]).records.map((text) => text.length)).toEqual([long.length + 2, long.length + 2 + "a:2.".length + 1]);
});

it("makes no record of an end that comes a second time", () => {
  const joiner = new LineJoiner((line) => ({ ...joins(line)!, ...(line.endsWith(":.") && { empty: true }) }));
  const records = ["a:1", "b:1", "a:2.", "a:.", "b:.", "c:."].flatMap((line, index) => joiner.take(sliceOf(line, index + 1))).map(textOf);
  expect(records).toEqual(["1 a:1\na:2.", "2 b:1\nb:."]);
  expect(joiner.open).toBe(null);
});

it("holds no more than 16 MiB, and a thousand events", () => {
  const long = (event: number): string => `${event}:${"x".repeat(1_000_000)}`;
  expect(joined(Array.from({ length: 18 }, (_, index) => long(index))).records.map((text) => text.slice(0, 4))).toEqual(["1 0:", "2 1:"]);
  const { records } = joined(Array.from({ length: 1999 }, (_, index) => (index % 900 === 0 ? "first:1" : `${index}:1`)));
  expect(records.length).toBeGreaterThan(900);
});

it("says which line waits first, and loses none", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom(":1", ":2.", "")), { maxLength: 40 }), (parts) => {
      const lines = parts.map(([event, text]) => event + text);
      const joiner = new LineJoiner(joins);
      const taken = new Set<number>();
      const take = (records: readonly Slice[]): void => records.forEach(({ no }) => taken.add(no));
      const written: string[] = [];
      lines.forEach((line, index) => {
        const records = joiner.take(sliceOf(line, index + 1));
        take(records);
        written.push(...records.flatMap((record) => textOf(record).replace(/^\d+ /, "").split("\n")));
        const first = joiner.open;
        if (first !== null) expect(taken.has(first)).toBe(false);
      });
      written.push(...joiner.rest().flatMap((record) => textOf(record).replace(/^\d+ /, "").split("\n")));
      expect(written.sort()).toEqual([...lines].sort());
    }),
  );
});
