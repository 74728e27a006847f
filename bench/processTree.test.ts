import { describe, expect, it } from "vitest";
import { parseStat, treeOf, type ProcessStat } from "./processTree.ts";

const process = (pid: number, parent: number): ProcessStat => ({ pid, parent, ticks: 0, began: "", pages: 0 });

describe("parseStat", () => {
  // Numbers are the fields' own numbers in proc_pid_stat(5), from 3 on, but for the pid.
  const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));

  it("counts fields from behind the name, whatever is in the name", () => {
    const expected: ProcessStat = { pid: 77, parent: 4, ticks: 14 + 15, began: "22", pages: 24 };
    for (const name of ["node", "a b", "x) R 1 1", ")("]) expect(parseStat(`77 (${name}) ${fields.join(" ")}\n`)).toEqual(expected);
  });

  it("gives null for what is cut off or something else", () => {
    for (const text of ["", "77", "77 (node) S 1 2", "no (node) S", "77 (node)"]) expect(parseStat(text)).toBeNull();
  });
});

describe("treeOf", () => {
  const all = [process(1, 0), process(9, 5), process(5, 2), process(2, 1), process(3, 1), process(6, 2)];

  it("holds children and their children, and nobody else", () => {
    expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 5, 6, 9]);
  });

  it("is empty when the process has ended", () => {
    expect(treeOf(4, all)).toEqual([]);
  });

  it("ends even where processes claim to be each other's parents", () => {
    expect(treeOf(7, [process(7, 8), process(8, 7)]).map(({ pid }) => pid)).toEqual([7, 8]);
  });
});
