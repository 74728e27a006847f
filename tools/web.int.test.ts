import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "./web.mjs";

const FIRST_LOAD = 250 * 1024;

let folder = "";
let page = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "web "));
  await buildWeb(folder);
  page = readFileSync(join(folder, "index.html"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (): string[] => [...page.matchAll(/(?:href|src)="\/(assets\/[^"]+)"/g)].map(([, path = ""]) => path);
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describe("the built UI", () => {
  it("is small at first: the page and all it loads at once, compressed", () => {
    const files = ["index.html", ...named()];
    expect(files.length).toBeGreaterThan(2);
    expect(files.reduce((bytes, path) => bytes + gzipSync(read(path)).length, 0)).toBeLessThan(FIRST_LOAD);
  });

  it("names every static import of what it loads, and nothing of editor or passkeys", () => {
    const files = named();
    const imported = files.flatMap((file) => [...read(file).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name = ""]) => `assets/${name}`));
    expect(imported.filter((file) => !files.includes(file))).toEqual([]);
    expect(files.filter((file) => /cm-scroller|startRegistration/.test(read(file)))).toEqual([]);
    expect(readdirSync(join(folder, "assets")).some((name) => name.startsWith("CodeEditor-"))).toBe(true);
  });

  it("works under a strict content policy: nothing inline, names that change with the content", () => {
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
    expect(named().filter((path) => !/-[A-Z0-9]{8}\.(?:js|css)$/.test(path))).toEqual([]);
  });

  it("writes no HTML from texts", () => {
    const sources = readdirSync(join(import.meta.dirname, "../packages/web/src"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
    const writing = sources.filter((name) => /dangerouslySetInnerHTML|innerHTML|document\.write/.test(readFileSync(join(import.meta.dirname, "../packages/web/src", name), "utf8")));
    expect(writing).toEqual([]);
  });
});
