import fc from "fast-check";
import { expect, it } from "vitest";
import { visible } from "../../kernel/index.ts";
import { auditText, hasToken } from "./auditText.ts";

const TOKEN = `cdy_${"0123456789abcdef".repeat(5)}`;
/** A joiner that has lost its emoji is written out by the row itself. */
const SLACK = 12;

it("fits the row whatever the text is, and has no token in it, nor the beginning of one", () => {
  const piece = fc.oneof(fc.constantFrom("\n", "\t", "日本", "\u0000", '"', "\\", "\ud800", "👩‍🚀", "e\u0301\u0301\u0301\u0301\u0301\u0301", TOKEN, `${TOKEN}0`, "select 1"), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 300 }))), fc.integer({ min: 10, max: 500 }), (pieces, bytes) => {
      const text = auditText(pieces.map(([each, times]) => each.repeat(times)).join(" "), bytes);
      expect(Buffer.byteLength(JSON.stringify(visible(text)))).toBeLessThanOrEqual(bytes + 2 + SLACK);
      expect(hasToken(text)).toBe(false);
      expect(text).not.toContain("cdy_0");
    }),
  );
});

it("leaves a text that fits as it is shown, and fills the row with one that does not", () => {
  expect(auditText(`select '${TOKEN}'\n-- é`, 100)).toBe("select 'cdy_…'\\n-- é");
  expect(auditText("x".repeat(500), 100)).toBe("x".repeat(100));
  expect(auditText("é".repeat(500), 101)).toBe("é".repeat(50));
});
