import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { step } from "./sequence.ts";
import { PLACES, SHORTCUTS } from "./table.ts";

const known = ["j", "?", "g n", "g f"];

/** Presses keys one after the other; gives the shortcuts that ran. */
function press(...keys: string[]): string[] {
  let pending = "";
  return keys.flatMap((key) => {
    const next = step(pending, key, known);
    pending = next.pending;
    return next.run === null ? [] : [next.run];
  });
}

describe("shortcuts", () => {
  it("run on one key, or on a sequence", () => {
    expect(press("j", "g", "n", "j", "g", "f")).toEqual(["j", "g n", "j", "g f"]);
  });

  it("begin anew with a key that does not go on", () => {
    expect(press("g", "j", "n")).toEqual(["j"]);
    expect(press("g", "g", "n")).toEqual(["g n"]);
    expect(press("g", "x", "n")).toEqual([]);
  });

  it("never leave more than a beginning of a known shortcut waiting", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("g", "n", "f", "j", "x", "?")), (keys) => {
        let pending = "";
        for (const key of keys) pending = step(pending, key, known).pending;
        expect(pending === "" || known.some((shortcut) => shortcut.startsWith(`${pending} `))).toBe(true);
      }),
    );
  });

  it("of pages and of the help are told apart", () => {
    const keys = SHORTCUTS.flatMap((group) => group.keys.map((shortcut) => shortcut.keys));
    expect(new Set(keys).size).toBe(keys.length);
    expect(PLACES.every((place) => !keys.some((other) => other !== place.keys && place.keys.startsWith(`${other} `)))).toBe(true);
  });
});
