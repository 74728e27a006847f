import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvName, hashOfSql, queryOfHash } from "./link.ts";
import { withRecent } from "./recent.ts";

describe("a query in a link", () => {
  it("comes back as it was", () => {
    const whose = fc.record({ team: fc.option(fc.string({ unit: "grapheme", minLength: 1 }), { nil: undefined }), environment: fc.constantFrom("production", "unknown", undefined) });
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), whose, (sql, of) => {
      expect(queryOfHash(hashOfSql(sql, of))).toEqual({ sql, whose: of });
    }));
  });

  it("opens with what of the link is known", () => {
    expect(queryOfHash("#sql=select%20a%26b&environment=moon&more=1&team=ads")).toEqual({ sql: "select a&b", whose: { team: "ads" } });
    expect(queryOfHash("#sql=select%201")).toEqual({ sql: "select 1", whose: {} });
  });

  it("is none in another fragment, or a broken one", () => {
    expect(["", "#top", "#sql=%E0%A4%A"].map(queryOfHash)).toEqual([null, null, null]);
  });
});

describe("the name of a CSV file", () => {
  const at = new Date("2026-11-21T15:30:12Z");

  it("has the view and the time", () => {
    expect(csvName("select *\nFROM aws_cloudtrail where 1=1", at)).toBe("aws_cloudtrail-2026-11-21-1530.csv");
    expect(csvName("select 1", at)).toBe("corduroy-2026-11-21-1530.csv");
  });

  it("is a safe name of a file, whatever the query", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => /^[a-z0-9_]{1,61}-2026-11-21-1530\.csv$/.test(csvName(`select * from ${text}`, at))));
  });
});

describe("recent queries", () => {
  it("have the newest first, each once, and not without end", () => {
    expect(withRecent(["a", "b"], "b")).toEqual(["b", "a"]);
    const many = Array.from({ length: 30 }, (_, i) => String(i)).reduce<string[]>(withRecent, []);
    expect([many.length, many[0]]).toEqual([20, "29"]);
    expect(withRecent(["a"], "x".repeat(20_000))).toEqual(["a"]);
  });
});
