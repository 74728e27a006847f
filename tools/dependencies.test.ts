import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled } from "./dependencies.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dependencies-"));
  mkdirSync(join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Packages = Record<string, object>;
function given(wanted: Packages, installed: Packages | undefined): boolean {
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": { name: "checkout" }, ...wanted } }));
  if (installed !== undefined) writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  return isInstalled(root);
}
const yaml = { version: "2.0.0", integrity: "sha512-a" };
const binding = { version: "1.0.0", integrity: "sha512-b", optional: true };
const foreign = { os: ["another-system"], cpu: [process.arch] };
const own = { os: [process.platform], cpu: [process.arch] };

describe("what is installed", () => {
  it.each<[string, Packages, Packages | undefined, boolean]>([
    ["nothing yet", { "node_modules/yaml": yaml }, undefined, false],
    ["the same", { "node_modules/yaml": yaml }, { "node_modules/yaml": { ...yaml, resolved: "https://example.org/yaml.tgz" } }, true],
    ["another version", { "node_modules/yaml": yaml }, { "node_modules/yaml": { ...yaml, version: "1.9.0" } }, false],
    ["other content under the same version", { "node_modules/yaml": yaml }, { "node_modules/yaml": { ...yaml, integrity: "sha512-c" } }, false],
    ["one package too few", { "node_modules/yaml": yaml, "node_modules/zod": yaml }, { "node_modules/yaml": yaml }, false],
    ["one package too many", {}, { "node_modules/yaml": yaml }, false],
    ["no optional package for another machine", { "node_modules/b": { ...binding, ...foreign } }, {}, true],
    ["no optional package for this machine", { "node_modules/b": { ...binding, ...own } }, {}, false],
    ["no optional package for another C library", { "node_modules/b": { ...binding, ...own, libc: ["another"] } }, {}, true],
    ["no link to a package of ours", { "node_modules/@corduroy/cli": { resolved: "packages/cli", link: true } }, {}, false],
    ["a package of ours with a new program", { "packages/cli": { version: "1.0.0", bin: { corduroy: "bin" } } }, { "packages/cli": { version: "1.0.0" } }, false],
  ])("%s", (_, wanted, installed, expected) => {
    expect(given(wanted, installed)).toBe(expected);
  });

  it("is nothing when npm was interrupted while it wrote its record", () => {
    writeFileSync(join(root, "node_modules/.package-lock.json"), '{"packages": {');
    expect(given({}, undefined)).toBe(false);
  });
});
