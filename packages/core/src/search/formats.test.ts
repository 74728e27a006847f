import { QueryLine } from "@corduroy/contract";
import { DuckDBDecimalValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampTZValue, DuckDBTimestampValue, listValue, type DuckDBValue } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, fitted, visible } from "../kernel/index.ts";
import { rowWriter } from "./formats.ts";
import { FORMATS, type Format } from "./protocol.ts";
import { fitWidths } from "./table.ts";

function write(format: Format, names: string[], rows: DuckDBValue[][], options: { width?: number; forTerminal?: boolean; more?: boolean } = {}): string {
  const writer = rowWriter(format, names.map((name) => ({ name, type: name === "n" ? "number" : "text", isJson: name === "j" })), { width: options.width ?? 80, forTerminal: options.forTerminal ?? false });
  return rows.map((row) => writer.row(row)).join("") + writer.end(options.more ?? false);
}

/** Nothing that a terminal would obey; line feeds only where a format needs them. */
const OBEYED = /[\0-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

describe("every format", () => {
  it("hands nothing to a terminal that it would obey", () => {
    const hostile = fc.string({ unit: fc.constantFrom("a", "\u001b[31m", "\u009b", "\r", "\u202e", "\u2028", "\0", "é", "\u{1F600}", "\ud800", "\u{E0041}") });
    fc.assert(
      fc.property(fc.constantFrom(...FORMATS), hostile, hostile, (format, name, value) => {
        expect(write(format, [name], [[value]], { forTerminal: true })).not.toMatch(OBEYED);
      }),
    );
  });

  it("writes as many rows as it got", () => {
    expect(write("json", ["a"], [])).toBe("[]\n");
    expect(write("lines", ["a"], [])).toBe('{"columns":[{"name":"a","type":"text"}]}\n');
    expect(write("ndjson", ["a"], [])).toBe("");
    expect(write("csv", ["a", "b"], [])).toBe("a,b\n");
    expect(write("table", ["a"], [])).toBe("a\n─\n\n0 rows\n");
    expect(JSON.parse(write("json", ["a"], [[1], [2]]))).toEqual([{ a: 1 }, { a: 2 }]);
    expect(write("table", ["a"], Array.from({ length: 1000 }, () => ["x"]), { more: true })).toMatch(/\nx\n\n1,000 rows, and more\n$/);
  });
});

it("json keeps every text, and numbers as far as JSON can", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(write("ndjson", ["a"], [[text]]))).toEqual({ a: text });
    }),
  );
  const row: DuckDBValue[] = [2n ** 53n, 5n, new DuckDBDecimalValue(110n, 5, 2), NaN, null, true];
  expect(JSON.parse(write("ndjson", ["a", "b", "c", "d", "e", "f"], [row]))).toEqual({ a: "9007199254740992", b: 5, c: 1.1, d: "NaN", e: null, f: true });
  const nested = new DuckDBStructValue({ l: listValue([1, null]), m: new DuckDBMapValue([{ key: "k", value: new DuckDBTimestampValue(0n) }]), ["__proto__"]: 1 });
  expect(write("ndjson", ["s"], [[nested]])).toContain('{"s":{"l":[1,null],"m":{"k":"1970-01-01 00:00:00"}');
});

it("lines are what the contract calls QueryLine: times as ISO 8601, numbers exact, JSON as such, each row on one line", () => {
  const micros = 1_763_459_400_123_456n;
  const row: DuckDBValue[] = [
    2n ** 53n, new DuckDBTimestampValue(micros), new DuckDBTimestampTZValue(micros), new DuckDBTimestampNanosecondsValue(micros * 1000n + 7n), listValue([new DuckDBTimestampValue(0n)]),
    DuckDBTimestampValue.PosInf, '{"a":\n1.0}', "a\u2028\n", null, true, NaN,
  ];
  const lines = write("lines", ["n", "t", "z", "s", "l", "i", "j", "x", "e", "b", "f"], [row, row]).split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines.slice(0, 3)) expect(QueryLine.safeParse(JSON.parse(line)).success, line).toBe(true);
  expect(JSON.parse(lines[0]!)).toMatchObject({ columns: [{ name: "n", type: "number" }, { name: "t", type: "text" }, {}, {}, {}, {}, {}, {}, {}, {}, {}] });
  expect(lines[1]).toBe(lines[2]);
  const iso = "2025-11-18T09:50:00.123456";
  expect(lines[1]).toBe(`{"row":["9007199254740992","${iso}Z","${iso}Z","${iso}007Z",["1970-01-01T00:00:00Z"],"infinity",{"a": 1.0},"a\\u2028\\n",null,true,"NaN"]}`);
});

it("json holds JSON values as such, number by number, on one line", () => {
  expect(write("ndjson", ["j"], [['{"id": 12345678901234567890,\n "list":[1.0,"a\u2028b"]}'], [null], ["{,}"]])).toBe(
    '{"j":{"id": 12345678901234567890,  "list":[1.0,"a\\u2028b"]}}\n{"j":null}\n{"j":"{,}"}\n',
  );
});

it("csv quotes what needs it, and tells NULL from the empty text", () => {
  expect(write("csv", ['a"b', "c"], [["x,y", null], ["", 'say "hi"\nthere']])).toBe('"a""b",c\n"x,y",\n"","say ""hi""\nthere"\n');
});

describe("an export", () => {
  it("has no formula from a log in it, and is CSV otherwise", () => {
    expect(write("export", ["=a", "n"], [["=cmd|'/c calc'!A0", -5], ["+1", null], ["@x,y", 1], ["-1+1", 1], ["-1.5e3", 1], ["\tx", 1], ["\rx", 1], ["a=1", 1], ["", 1]])).toBe(
      `'=a,n\n'=cmd|'/c calc'!A0,-5\n'+1,\n"'@x,y",1\n'-1+1,1\n-1.5e3,1\n'\tx,1\n"'\rx",1\na=1,1\n"",1\n`,
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", '"', ",", "1", "a") }), (text) => {
        const field = write("export", ["a"], [[text]]).slice(2).replace(/^"/, "");
        expect(field).not.toMatch(/^[=+@\t\r]/);
        if (field.startsWith("-")) expect(Number(text)).not.toBeNaN();
        if (!/^[=+@\t\r-]/.test(text)) expect(write("export", ["a"], [[text]])).toBe(write("csv", ["a"], [[text]]));
      }),
    );
  });

  it("that is cut is an error", () => {
    expect(() => write("export", ["a"], [["x"], ["y"]], { more: true })).toThrow("There are more than 2 rows");
  });
});

describe("a table", () => {
  it("never takes more columns than the terminal has, and uses them", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 30 }), fc.integer({ min: 20, max: 200 }), (natural, available) => {
        const widths = fitWidths(natural, available);
        const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
        expect(total).toBeLessThanOrEqual(available);
        expect(widths.every((width, index) => width <= (natural[index] ?? 0) && width >= Math.min(natural[index] ?? 0, 6))).toBe(true);
        const wanted = natural.slice(0, widths.length).reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
        if (wanted > available) expect(total).toBe(available);
      }),
      { numRuns: 2000 },
    );
  });

  it("names the columns that do not fit", () => {
    expect(write("table", ["first", "second", "third"], [["a".repeat(50), "b".repeat(50), "c".repeat(50)]], { width: 15 })).toBe("first    second\n───────  ──────\naaaaaa…  bbbbb…\n\n1 row\nNot shown, for want of space: third\n");
  });

  it("keeps columns straight whatever stands in them", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "日", "é", "e\u0301", "\u{1F600}", "\n", "ｱ"), maxLength: 20 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 15 }), (text, width) => {
        expect(displayWidth(fitted(visible(text), width))).toBe(width);
      }),
    );
    expect(write("table", ["n", "t"], [[1n, "x"], [100n, null]])).toBe("  n  t\n───  ────\n  1  x\n100  NULL\n\n2 rows\n");
  });
});
