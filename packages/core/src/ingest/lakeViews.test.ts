import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sources } from "../sources/index.ts";
import { storedColumns } from "./batch/table.ts";
import { lakeViews } from "./lakeViews.ts";

const view = (name: string) => lakeViews().find((each) => each.name === name)!;

describe("lakeViews", () => {
  it("states the columns of `events` that lake/README.md promises", () => {
    const readme = readFileSync(new URL("../lake/README.md", import.meta.url), "utf8");
    const promised = [...readme.matchAll(/^\| `(\w+)` \| ([A-Z]+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(promised.sort()).toEqual(view("events").columns.map(([name, type]) => `${name} ${type}`).sort());
  });

  it.each(sources.map((source) => ({ source })))("states the columns that are stored of $source.id", ({ source }) => {
    const stored = storedColumns(source).split(", ").map((column) => column.split(" AS ").at(-1)!.replaceAll('"', ""));
    expect(view(source.id.replace(".", "_")).columns.map(([name]) => name)).toEqual(stored);
  });

  it("names each view once, as SQL writes names without quotes", () => {
    const names = lakeViews().map(({ name }) => name);
    expect(names).toEqual(["events", ...sources.map(({ id }) => id.replaceAll(".", "_")), "signals", "dead_letters"]);
  });
});
