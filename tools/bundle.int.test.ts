import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshBundle } from "./bundle.mjs";

let root = "";
const inCli = (path: string): string => join(root, "packages/cli", path);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle "));
  mkdirSync(inCli("src"), { recursive: true });
  writeFileSync(inCli("src/main.ts"), 'export const word: string = (await import("./word.ts")).word;\n');
  writeFileSync(inCli("src/word.ts"), 'export const word = "first";\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function word(): Promise<unknown> {
  const real = inCli(readlinkSync(inCli("dist")));
  const module = (await import(pathToFileURL(join(real, "main.mjs")).href)) as { word: unknown };
  return module.word;
}

/** Everything that is loaded with a command or a program, as one text. */
function closureOf(dist: string, command: string): string {
  const names = readdirSync(dist).filter((name) => new RegExp(`^${command}(-[A-Z0-9]{8})?\\.mjs$`).test(name));
  const texts: string[] = [];
  for (const name of names) {
    const text = readFileSync(join(dist, name), "utf8");
    texts.push(text);
    for (const [, next] of text.matchAll(/^(?:import|\} from) ?(?:\{[^{}]*\} from )?"\.\/(chunk-[A-Z0-9]{8}\.mjs)";$/gm)) if (!names.includes(next!)) names.push(next!);
  }
  return texts.join("\n");
}

describe("the bundle of the CLI", () => {
  it("is built when it is missing, and then left alone", async () => {
    expect(await freshBundle(root)).toBe("built");
    expect(await word()).toBe("first");
    expect(await freshBundle(root)).toBe("fresh");
  });

  it("is rebuilt when a file deep in the program changes, even to the same size", async () => {
    await freshBundle(root);
    writeFileSync(inCli("src/word.ts"), 'export const word = "newer";\n');
    expect(await freshBundle(root)).toBe("built");
    expect(await word()).toBe("newer");
  });

  it("is rebuilt when a child program appears", async () => {
    await freshBundle(root);
    writeFileSync(inCli("src/worker.ts"), 'console.log("work");\n');
    expect(await freshBundle(root)).toBe("built");
    expect(existsSync(inCli("dist/worker.mjs"))).toBe(true);
  });

  it("gives a child program only what it uses, whatever else the program uses of the same door", async () => {
    writeFileSync(inCli("src/door.ts"), 'export const little = "of the child";\nexport const much = "of the program alone";\n');
    writeFileSync(inCli("src/main.ts"), 'import { little, much } from "./door.ts";\nexport const word = little + much;\n');
    writeFileSync(inCli("src/query-child.ts"), 'import { little } from "./door.ts";\nexport const word = little;\n');
    await freshBundle(root);
    const child = readFileSync(inCli("dist/query-child.mjs"), "utf8");
    expect(child).toContain("of the child");
    expect(child).not.toContain("of the program alone");
    expect(child).not.toMatch(/from "\.\//);
  });

  it("gives each command what it uses of a room, whatever others use of it, and is rebuilt when only the room's door changes", async () => {
    const inRoom = (path: string): string => join(root, "packages/core/src/room", path);
    mkdirSync(inRoom("deep"), { recursive: true });
    writeFileSync(inRoom("index.ts"), 'export { light } from "./light.ts";\nexport { heavy as far, type Weight } from "./deep/index.ts";\n');
    writeFileSync(inRoom("light.ts"), 'export const light = "the light thing";\n');
    writeFileSync(inRoom("deep/index.ts"), '// A door behind the door.\nexport { heavy, type Weight } from "./heavy.ts";\n');
    writeFileSync(inRoom("deep/heavy.ts"), 'export type Weight = number;\nexport const heavy = "the heavy thing";\nconsole.log("loaded");\n');
    writeFileSync(inCli("src/one.ts"), 'import { light, type Weight } from "@corduroy/core/room";\nexport const word: string | Weight = light;\n');
    writeFileSync(inCli("src/two.ts"), 'import { far as near, light } from "../../core/src/room/index.ts";\nexport const word = near + light;\n');
    writeFileSync(inCli("src/main.ts"), 'export const word = (await import("./one.ts")).word + ", " + (await import("./two.ts")).word;\n');
    await freshBundle(root);
    expect(await word()).toBe("the light thing, the heavy thingthe light thing");
    expect(closureOf(inCli("dist"), "one")).not.toContain("the heavy thing");
    expect(closureOf(inCli("dist"), "two")).toContain("the heavy thing");
    writeFileSync(inRoom("index.ts"), 'export { light, light as far, type Weight } from "./light.ts";\n');
    expect(await freshBundle(root)).toBe("built");
    expect(await word()).toBe("the light thing, the light thingthe light thing");
  });

  it("starts a scan without what the service needs, a worker without what reads rules, and every command without the API's schemas", () => {
    const dist = fileURLToPath(new URL("../packages/cli/dist/", import.meta.url));
    const [main, worker] = [closureOf(dist, "main"), closureOf(dist, "worker")];
    expect([main.includes("// node_modules/commander/"), worker.includes("// node_modules/@duckdb/node-api/")]).toEqual([true, true]);
    for (const heavy of ["zod", "yaml", "ipaddr.js"]) expect([heavy, main.includes(`// node_modules/${heavy}/`), worker.includes(`// node_modules/${heavy}/`)]).toEqual([heavy, false, false]);
    const scan = closureOf(dist, "scan");
    expect(scan).toContain("packages/core/src/ingest/scan.ts");
    for (const heavy of ["pg", "drizzle-orm", "@simplewebauthn/server", "openid-client", "undici"]) expect([heavy, scan.includes(`// node_modules/${heavy}/`)]).toEqual([heavy, false]);
  });

  it("gives the process of a query everything in one file, so that it is there soon: only the engine itself lies elsewhere", () => {
    const child = readFileSync(new URL("../packages/cli/dist/query-child.mjs", import.meta.url), "utf8");
    expect([...child.matchAll(/ from "([^"]+)";$/gm)].map(([, name]) => name).filter((name) => !name!.startsWith("node:"))).toEqual([]);
    expect(new Set([...child.matchAll(/require\d*\("(@[^"]+)"\)/g)].map(([, name]) => name!.replace(/-bindings.*/, "-bindings")))).toEqual(new Set(["@duckdb/node-bindings"]));
  });

  it("has the UI beside it, and is rebuilt when only the UI's page changes", async () => {
    const web = (path: string): string => join(root, "packages/web", path);
    mkdirSync(web("src/app"), { recursive: true });
    writeFileSync(web("src/main.tsx"), "document.title = 'UI';\n");
    writeFileSync(web("src/app/no-jit.ts"), "");
    writeFileSync(web("index.html"), "<head></head>");
    expect(await freshBundle(root)).toBe("built");
    expect(readFileSync(inCli("dist/web/index.html"), "utf8")).toMatch(/src="\/assets\/main-[A-Z0-9]{8}\.js"/);
    expect(await freshBundle(root)).toBe("fresh");
    writeFileSync(web("index.html"), "<head><meta></head>");
    expect(await freshBundle(root)).toBe("built");
    expect(readFileSync(inCli("dist/web/index.html"), "utf8")).toContain("<meta>");
  });

  it("is fresh when only the times of files differ, as in a copied checkout", async () => {
    await freshBundle(root);
    utimesSync(inCli("src/word.ts"), 1, 1);
    expect(await freshBundle(root)).toBe("fresh");
  });

  it("is made whole by several builders at once, and leaves nothing half-written behind", async () => {
    await Promise.all([freshBundle(root), freshBundle(root), freshBundle(root)]);
    expect(await word()).toBe("first");
    expect(lstatSync(inCli("dist")).isSymbolicLink()).toBe(true);
    expect(readdirSync(inCli(".")).filter((name) => name.startsWith("dist"))).toHaveLength(2);
  });

  it("stays whole for a process that started before the last build", async () => {
    await freshBundle(root);
    const before = readlinkSync(inCli("dist"));
    writeFileSync(inCli("src/word.ts"), 'export const word = "second";\n');
    await freshBundle(root);
    expect(readlinkSync(inCli("dist"))).not.toBe(before);
    expect(existsSync(inCli(join(before, "main.mjs")))).toBe(true);
  });

  it("removes builds of another day", async () => {
    mkdirSync(inCli("dist-old"));
    utimesSync(inCli("dist-old"), 1, 1);
    await freshBundle(root);
    expect(existsSync(inCli("dist-old"))).toBe(false);
  });

  it("names file and line of a source that does not compile, and keeps the old bundle", async () => {
    await freshBundle(root);
    writeFileSync(inCli("src/word.ts"), "export const word = ;\n");
    await expect(freshBundle(root)).rejects.toThrow(/packages\/cli\/src\/word\.ts:1:20/);
    expect(await word()).toBe("first");
    expect(readFileSync(inCli("dist/stamp.json"), "utf8")).toContain("word.ts");
  });
});
