import { expect, it } from "vitest";
import type { Part } from "../../lake/index.ts";
import { PartIndex } from "./partIndex.ts";

const part = (path: string, change: Partial<Part> = {}): Part => ({ kind: "events", path, source: "s", day: "2026-11-18", rows: 1, bytes: 1, first: "2026-11-18T09:00:00.000Z", last: "2026-11-18T10:00:00.000Z", ...change });
const found = (index: PartIndex, first = "2026-11-18T10:00:00.000Z", last = "2026-11-18T11:00:00.000Z"): string[] => index.overlapping("s", first, last);

it("finds event parts of a source whose times overlap", () => {
  const index = new PartIndex("/lake", [part("a"), part("b", { source: "other" }), part("c", { kind: "dead" }), part("d", { first: null })]);
  expect(found(index)).toEqual(["/lake/a"]);
  expect(found(index, "2026-11-18T10:00:00.001Z")).toEqual([]);
  expect(found(index, "2026-11-18T08:00:00.000Z", "2026-11-18T09:00:00.000Z")).toEqual(["/lake/a"]);
});

it("never shows a part that was taken out, even when it is put in only after that", () => {
  const index = new PartIndex("/lake", [part("a")]);
  index.remove([part("a"), part("late")]);
  index.add([part("late"), part("merged")]);
  expect(found(index)).toEqual(["/lake/merged"]);
});
