import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { lowerCase } from "./lower-case.ts";

test("every code point is lower-cased as DuckDB does", async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  // A character in front keeps a byte order mark from being taken for one on the way out.
  const rows = (await connection.runAndReadAll("SELECT code, 'x' || lower(chr(code::INTEGER)) FROM range(1, 1114112) AS codes(code) WHERE code NOT BETWEEN 55296 AND 57343")).getRows();
  connection.closeSync();
  instance.closeSync();
  const different = rows.filter(([code, lower]) => `x${lowerCase(String.fromCodePoint(Number(code)))}` !== lower);
  expect(rows.length).toBe(0x10ffff - 2_048);
  expect(different).toEqual([]);
});

test("neighbours do not matter", () => {
  expect(lowerCase("ΑΣ")).toBe("ασ");
  expect(lowerCase("İI")).toBe("ii");
});
