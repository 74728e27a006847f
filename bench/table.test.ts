import { describe, expect, it } from "vitest";
import { atLeast, atMost, megabytes, renderResults, renderTable } from "./table.ts";

const machine = { processor: "Test 3000", cores: 2, memoryBytes: 8 * 2 ** 30, system: "Linux x64", node: "v20.19.0", duckdb: "v1.5.6", date: "2026-11-21T00:00:00.000Z", load: 0.1 };

describe("bars", () => {
  it("are kept on the limit itself", () => {
    expect([atLeast(0.65, 0.65).met, atLeast(0.65, 0.649).met]).toEqual([true, false]);
    expect([atMost(1.5, 1.5, "x"), atMost(1.5, 1.51, "x")]).toEqual([
      { text: "<= 1.5x", met: true },
      { text: "<= 1.5x", met: false },
    ]);
  });

  it("are missed by a figure that could not be taken", () => {
    expect([atLeast(0.65, Number.NaN).met, atMost(1.5, Number.NaN).met]).toEqual([false, false]);
  });
});

describe("renderTable", () => {
  it("lines up its columns", () => {
    const table = renderTable([
      { what: "a", figure: "1,000 events/s" },
      { what: "part of it", figure: "0.70", bar: atLeast(0.65, 0.7) },
      { what: "memory", figure: megabytes(1.2345e9), bar: atMost(1000, 1234, " MB") },
    ]);
    expect(table).toBe(
      [
        "| measured   | figure         | bar        |        |",
        "|------------|----------------|------------|--------|",
        "| a          | 1,000 events/s |            |        |",
        "| part of it | 0.70           | >= 0.65    | kept   |",
        "| memory     | 1,235 MB       | <= 1000 MB | MISSED |",
      ].join("\n"),
    );
  });
});

describe("renderResults", () => {
  it("names the machine and every section", () => {
    const page = renderResults(machine, "10 events", [{ title: "Speed", about: "How it went.", rows: [{ what: "a", figure: "1" }] }]);
    for (const part of ["Test 3000, 2 cores", "8.0 GiB", "Node v20.19.0, DuckDB v1.5.6", "2026-11-21", "10 events", "## Speed\n\nHow it went.\n\n| measured"]) expect(page).toContain(part);
    expect(page).not.toContain("busy");
  });

  it("says when somebody else was at work", () => {
    expect(renderResults({ ...machine, load: 3 }, "", [])).toContain("busy");
  });
});
