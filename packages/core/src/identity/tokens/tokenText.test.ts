import fc from "fast-check";
import { expect, it } from "vitest";
import { newTokenText, parseToken, printToken } from "./tokenText.ts";

it("is read back as it was printed", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (id, secret) => {
    const token = { id: Buffer.from(id).toString("hex"), secret: Buffer.from(secret).toString("hex") };
    expect(printToken(token)).toMatch(/^cdy_[0-9a-f]{88}$/);
    expect(parseToken(printToken(token))).toEqual(token);
  }));
});

it("is no token with any one character changed, lost or added", () => {
  const text = printToken(newTokenText());
  fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom(...Array.from("0123456789abcdefABC _-\n")), (at, character) => {
    fc.pre(text[at] !== character);
    expect(parseToken(text.slice(0, at) + character + text.slice(at + 1))).toBeNull();
  }), { numRuns: 500 });
  for (const other of ["", "cdy_", text.slice(1), text.slice(0, -1), `${text}0`, `${text}\n`, text.toUpperCase()]) expect(parseToken(other)).toBeNull();
});

it("is pinned: tokens given out stay good", () => {
  expect(printToken({ id: "0123456789abcdef", secret: "00".repeat(32) })).toBe("cdy_0123456789abcdef0000000000000000000000000000000000000000000000000000000000000000c6caacfd");
});
