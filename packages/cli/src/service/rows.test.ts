import { describe, expect, it } from "vitest";
import { answerWriter } from "./rows.ts";

const columns = [{ name: "n", type: "number" }, { name: "at", type: "time" }, { name: "what", type: "text" }, { name: "raw", type: "json" }] as const;
const lines = ['{"row":[12345678901234567890,"2026-11-18T09:00:00.5Z","a,\\"b\\"",{"x":1.0}]}', '{"row":[null,null,null,null]}'];

function written(format: "table" | "json" | "ndjson" | "csv"): string {
  const writer = answerWriter(format, columns, { width: 100, forTerminal: false });
  return lines.map((line) => writer.row(line)).join("") + writer.end(false);
}

describe("answerWriter", () => {
  it("writes JSON with every digit", () => expect(written("ndjson")).toBe('{"n":12345678901234567890,"at":"2026-11-18 09:00:00.5","what":"a,\\"b\\"","raw":{"x":1.0}}\n{"n":null,"at":null,"what":null,"raw":null}\n'));
  it("writes one array", () => expect(JSON.parse(written("json"))).toHaveLength(2));
  it("writes CSV", () => expect(written("csv")).toBe('n,at,what,raw\n12345678901234567890,2026-11-18 09:00:00.5,"a,""b""","{""x"":1.0}"\n,,,\n'));
  it("writes a table", () => expect(written("table")).toContain("2026-11-18 09:00:00.5  a,\"b\"  {\"x\":1.0}"));
});
