import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkRooms } from "./check.ts";

/** A small house in which every permission is used and nothing is wrong. */
const goodHouse: Record<string, string> = {
  "package.json": JSON.stringify({ devDependencies: { vitest: "1.0.0" } }),
  "tools/rooms.json": JSON.stringify({
    packages: { "packages/sigma": [], "packages/fakes": [], "packages/core": ["sigma"], "packages/cli": ["core"] },
    testsMayImport: ["fakes"],
    floors: { "packages/core": { "0": ["kernel"], "1": ["lake"], "2": ["detect", "reports"] } },
  }),
  "packages/sigma/package.json": JSON.stringify({ dependencies: { yaml: "1.0.0" } }),
  "packages/sigma/src/index.ts": 'import { parse } from "yaml";\nexport const rule = parse("a: b");\n',
  "packages/fakes/package.json": "{}",
  "packages/fakes/src/index.ts": "export const fake = 1;\n",
  "packages/core/package.json": JSON.stringify({ dependencies: { "@corduroy/sigma": "1.0.0" } }),
  "packages/core/src/kernel/index.ts": "export const now = 1;\nexport interface Clock { now: number }\n",
  "packages/core/src/kernel/clock.ts": "export const tick = 1;\n",
  "packages/core/src/lake/index.ts": 'import { readFileSync } from "node:fs";\nimport { now } from "../kernel/index.ts";\nexport const lake = [readFileSync, now];\n',
  "packages/core/src/detect/index.ts": 'import { rule } from "@corduroy/sigma";\nexport const detect = rule;\n',
  "packages/core/src/detect/match.ts": "export const match = 1;\n",
  "packages/core/src/detect/match.test.ts":
    'import { it } from "vitest";\nimport { fake } from "@corduroy/fakes";\nimport { reports } from "../reports/index.ts";\nimport { match } from "./match.ts";\nit("", () => [fake, match, reports]);\n',
  "packages/core/src/reports/index.ts": "export const reports = 1;\n",
  "packages/cli/package.json": JSON.stringify({ dependencies: { "@corduroy/core": "1.0.0" } }),
  "packages/cli/src/main.ts": 'const { detect } = await import("@corduroy/core/detect");\nconsole.log(detect);\n',
};

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Builds the good house with some files changed (null removes one), and returns what is wrong with it. */
function problemsOf(changes: Record<string, string | null>): string[] {
  root = mkdtempSync(join(tmpdir(), "rooms-"));
  for (const [path, content] of Object.entries({ ...goodHouse, ...changes })) {
    if (content === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return checkRooms(root).problems;
}

/** The good house's table, changed. */
function table(change: (table: { packages: Record<string, string[]>; testsMayImport: string[]; floors: Record<string, Record<string, string[]>> }) => void): Record<string, string> {
  const copy = JSON.parse(goodHouse["tools/rooms.json"] ?? "");
  change(copy);
  return { "tools/rooms.json": JSON.stringify(copy) };
}

const lake = "packages/core/src/lake/file.ts";
const match = "packages/core/src/detect/match.ts";

describe("the rooms of a house", () => {
  it("finds nothing wrong with a good one", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    ["an import", 'import { detect } from "../detect/index.ts";'],
    ["a type import", 'import type { Detect } from "../detect/index.ts";'],
    ["an inline type import", 'import { type Detect } from "../detect/index.ts";'],
    ["a side-effect import", 'import "../detect/index.ts";'],
    ["a re-export", 'export { detect } from "../detect/index.ts";'],
    ["a type re-export", 'export type { Detect } from "../detect/index.ts";'],
    ["a re-export of everything", 'export * from "../detect/index.ts";'],
    ["a dynamic import", 'const detect = await import("../detect/index.ts");'],
    ["an import type", 'let detect: import("../detect/index.ts").Detect;'],
    ["a typeof import type", 'let detect: typeof import("../detect/index.ts");'],
    ["a require import", 'import detect = require("../detect/index.ts");'],
  ])("refuses %s from a lower floor to a higher one, and names the line", (_, statement) => {
    expect(problemsOf({ [lake]: `// a comment\n\n${statement}\n` })).toEqual([
      `${lake}:3: room "lake" (floor 1) imports room "detect" (floor 2); only lower floors may be imported`,
    ]);
  });

  it("refuses an import between rooms of one floor", () => {
    expect(problemsOf({ [match]: 'import { reports } from "../reports/index.ts";\n' })).toEqual([
      `${match}:1: room "detect" (floor 2) imports room "reports" (floor 2); only lower floors may be imported`,
    ]);
  });

  it.each([match, "packages/core/src/detect/other.test.ts"])("refuses to enter a room past its door, from %s", (file) => {
    expect(problemsOf({ [file]: 'import { tick } from "../kernel/clock.ts";\n' })).toEqual([
      `${file}:1: room "kernel" is entered past its door; import ../kernel/index.ts`,
    ]);
  });

  it("refuses a package that the table does not allow, even for its types", () => {
    expect(problemsOf({ "packages/sigma/src/index.ts": 'import type { Lake } from "@corduroy/core/lake";\nexport type { Lake };\n' })).toEqual([
      'packages/sigma/src/index.ts:1: packages/sigma may not import "core"',
    ]);
  });

  it("keeps test packages out of product code, and lets tests use them", () => {
    expect(problemsOf({ [match]: 'import { fake } from "@corduroy/fakes";\n' })).toEqual([`${match}:1: packages/core may not import "fakes"`]);
  });

  it("refuses one of our packages that package.json does not declare", () => {
    expect(problemsOf({ "packages/core/package.json": "{}" })).toEqual([
      'packages/core/src/detect/index.ts:1: "@corduroy/sigma" is not in the dependencies of packages/core/package.json',
    ]);
  });

  it("refuses the way into a package that is no door", () => {
    const problems = problemsOf({ "packages/cli/src/other.ts": 'import "@corduroy/core/detect/match.ts";\nimport "@corduroy/core";\nimport "@corduroy/core/cellar";\n' });
    expect(problems.map((problem) => problem.split(";")[0])).toEqual([
      'packages/cli/src/other.ts:1: "@corduroy/core/detect/match.ts" is no door of packages/core',
      'packages/cli/src/other.ts:2: "@corduroy/core" is no door of packages/core',
      'packages/cli/src/other.ts:3: "@corduroy/core/cellar" is no door of packages/core',
    ]);
  });

  it("lets tests, and nothing else, use what another package gives to them", () => {
    const entry = 'import "@corduroy/sigma/test";\n';
    expect(problemsOf({ "packages/core/src/detect/other.test.ts": entry, "packages/core/src/detect/other.ts": entry })).toEqual(['packages/core/src/detect/other.ts:1: "@corduroy/sigma/test" is no door of packages/sigma; import @corduroy/sigma']);
  });

  it("refuses a relative import that crosses the border of a package", () => {
    expect(problemsOf({ [match]: 'import { rule } from "../../../sigma/src/index.ts";\n' })).toEqual([
      `${match}:1: a relative import leaves packages/core/src/; import the package by its name`,
    ]);
  });

  it("lets a package read its own manifest, and no other's", () => {
    expect(problemsOf({ [match]: 'import own from "../../package.json" with { type: "json" };\nimport other from "../../../sigma/package.json" with { type: "json" };\n' })).toEqual([
      `${match}:2: a relative import leaves packages/core/src/; import the package by its name`,
    ]);
  });

  it("refuses a third-party package that is not declared, and a module of Node without its prefix", () => {
    expect(problemsOf({ [match]: 'import "vitest";\nimport "@scope/name/deep";\nimport "fs";\n' })).toEqual([
      `${match}:1: "vitest" is not in the dependencies of packages/core/package.json`,
      `${match}:2: "@scope/name" is not in the dependencies of packages/core/package.json`,
      `${match}:3: "fs" is not in the dependencies of packages/core/package.json`,
    ]);
  });

  it("refuses product code that imports test code", () => {
    expect(problemsOf({ [match]: 'import "./test/sample.ts";\n', "packages/core/src/detect/test/sample.ts": "export {};\n" })).toEqual([
      `${match}:1: product code imports test code`,
    ]);
  });

  it("lets tests share a folder beside src, which is held to the same doors", () => {
    const shared = "packages/core/test/sample.ts";
    const test = { "packages/core/src/detect/other.test.ts": 'import "../../test/sample.ts";\n' };
    expect(problemsOf({ ...test, [shared]: 'import "../src/kernel/index.ts";\n' })).toEqual([]);
    rmSync(root, { recursive: true });
    expect(problemsOf({ ...test, [shared]: 'import "../src/kernel/clock.ts";\n' })).toEqual([`${shared}:1: room "kernel" is entered past its door; import ../kernel/index.ts`]);
    rmSync(root, { recursive: true });
    expect(problemsOf({ [match]: 'import "../../test/sample.ts";\n', [shared]: "export {};\n" })).toEqual([`${match}:1: product code imports test code`]);
  });

  it("refuses import() of a computed module", () => {
    expect(problemsOf({ [match]: "await import(process.argv[2] + '.ts');\n" })[0]).toMatch(/^packages\/core\/src\/detect\/match\.ts:1: import\(\) of a computed module/);
  });

  it("is not fooled by imports in comments, strings and types of other things", () => {
    expect(problemsOf({ [lake]: '// import "../detect/index.ts"\nexport const text = `import "../detect/index.ts"`;\n' })).toEqual([]);
  });

  it("reports a file that does not parse", () => {
    expect(problemsOf({ [lake]: "import {{\n" })[0]).toMatch(/^packages\/core\/src\/lake\/file\.ts:1: /);
  });
});

describe("the table of rooms", () => {
  it.each([
    ["a package that is not listed", { "packages/web/package.json": "{}" }, "package packages/web is not listed"],
    ["a listed package that does not exist", table(({ packages }) => (packages["packages/web"] = [])), "package packages/web is listed, and has no sources"],
    ["floors of a package that is not listed", table(({ floors }) => (floors["packages/web"] = {})), "floors are given for packages/web, which is not listed"],
    ["a room without a floor", { "packages/core/src/cellar/index.ts": "" }, 'room "cellar" of packages/core has no floor'],
    ["a listed room that does not exist", table(({ floors }) => (floors["packages/core"] = { ...floors["packages/core"], "9": ["attic"] })), 'room "attic" of packages/core is listed, and has no index.ts'],
    ["a file beside the rooms", { "packages/core/src/everything.ts": "" }, "packages/core/src/everything.ts is in no room"],
    ["a permission that nobody uses", table(({ packages }) => packages["packages/cli"]?.push("sigma")), 'packages/cli may import "sigma", and never does'],
    ["a permission for tests that no test uses", table(({ testsMayImport }) => testsMayImport.push("sigma")), 'tests may import "sigma", and never do'],
  ])("must not have %s", (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([`tools/rooms.json: ${problem}`]);
  });
});
