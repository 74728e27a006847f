import fc from "fast-check";
import { expect, it } from "vitest";
import { storable } from "./storable.ts";

it("leaves what can be stored as it is, the object itself", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\\u0000|\\ud[89a-f]/i.test(text));
      expect(storable(value)).toBe(value);
    }),
  );
});

it("has U+FFFD in the place of NUL and of half a surrogate pair, in values and keys, and keeps whole pairs", () => {
  const tally = Object.assign(Object.create(null) as object, { "a\0b": 1, "\uD83D": 2, "😀": 3 });
  const changed = storable({ name: "x\0", list: ["\uDE00y", 1, null], tally });
  expect(changed).toEqual({ name: "x\uFFFD", list: ["\uFFFDy", 1, null], tally: { "a\uFFFDb": 1, "\uFFFD": 2, "😀": 3 } });
  expect(Object.getPrototypeOf(changed.tally)).toBeNull();
});
