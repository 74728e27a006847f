import { createHash, randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OURS, throughDoors } from "./doors.mjs";
import { isFresh, takeStamp, writeStamp } from "./freshness.mjs";
import { buildWeb, WEB_ENTRY } from "./web.mjs";

const checkout = fileURLToPath(new URL("..", import.meta.url));

/** The CLI and the programs it starts as children; a child is bundled once its file exists. */
const programs = ["packages/cli/src/main.ts", "packages/cli/src/worker.ts", "packages/cli/src/query-child.ts"];

/** Files outside the module graph that change the result. The lock file stands for everything below node_modules. */
const alsoInputs = ["package-lock.json", "tsconfig.json", "tools/bundle.mjs", "tools/doors.mjs", "tools/web.mjs"];

/**
 * How all our TypeScript is bundled. Native code and the AWS SDK, which is large and seldom needed, stay outside. DuckDB's client does not: to find and load its sixty files took
 * every process that answers a question 200 ms of processor time more than to load them as a part of the bundle.
 */
export const bundleOptions = /** @satisfies {import("esbuild").BuildOptions} */ ({
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  outExtension: { ".js": ".mjs" },
  external: ["@duckdb/node-bindings*", "@aws-sdk/*", "@cedar-policy/*", "@node-rs/*", "pg-native", "fastify", "@fastify/*"],
  // CommonJS packages inside an ES module bundle still call `require` for Node's own modules.
  banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
  logLevel: "silent",
});

const dayMs = 86_400_000;

/**
 * Makes sure that `packages/cli/dist` holds the bundle of the present sources, and `packages/cli/dist/web` the UI that the service serves.
 *
 * `dist` is a symbolic link to a folder named after its content, replaced in one rename: two processes may build at once, nobody reads a
 * half-written bundle, and a long scan keeps the files it started with. Folders left behind are removed after a day.
 * @param {string} [root] the checkout
 * @returns {Promise<"fresh" | "built">}
 * @throws {Error} with a sentence for the user: sources that do not compile, or a stale bundle in a folder that cannot be written
 */
export async function freshBundle(root = checkout) {
  const home = join(root, "packages/cli");
  const dist = join(home, "dist");
  const entries = [...programs, WEB_ENTRY].filter((path) => existsSync(join(root, path)));
  if (isFresh(root, dist, entries)) return "fresh";
  try {
    accessSync(home, constants.W_OK);
  } catch {
    throw new Error(`the built program in ${dist} is missing or older than the sources, and this user cannot write there. Run "npm run build" as the owner.`);
  }
  const temporary = join(home, `dist-tmp-${randomUUID()}`);
  mkdirSync(temporary);
  try {
    const inputs = await build(root, entries, temporary);
    publish(temporary, dist, takeStamp(root, entries, inputs));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  removeOld(home, dist);
  return "built";
}

/**
 * Builds until no input changed while it was being read.
 * @param {string} root
 * @param {string[]} entries
 * @param {string} outdir
 * @returns {Promise<string[]>} every file of ours that went in, relative to the root
 */
async function build(root, entries, outdir) {
  const esbuild = await import("esbuild");
  for (let attempt = 1; ; attempt++) {
    const started = Date.now();
    const doors = throughDoors(root);
    /** @type {import("esbuild").Plugin} */
    const straight = { name: "through doors", setup: (plugged) => plugged.onLoad({ filter: OURS }, ({ path }) => ({ contents: doors.rewritten(path), loader: "ts" })) };
    // Each by itself: built together, programs share chunks, and the process of a query started with all that the service needs: 0.2 s more, and 50 MB.
    const results = await Promise.all(entries.filter((path) => path !== WEB_ENTRY).map((path) => esbuild.build({ ...bundleOptions, plugins: [straight], entryPoints: [path], outdir, outbase: join(root, "packages/cli/src"), absWorkingDir: root, metafile: true }))).catch(
      (/** @type {import("esbuild").BuildFailure} */ failure) => explain(esbuild, failure),
    );
    const web = entries.includes(WEB_ENTRY) ? await buildWeb(join(outdir, "web"), root).catch((/** @type {import("esbuild").BuildFailure} */ failure) => explain(esbuild, failure)) : [];
    const graph = [...results.flatMap(({ metafile }) => Object.keys(metafile.inputs)), ...web].filter((path) => !path.includes("node_modules/"));
    const inputs = [...new Set([...graph, ...doors.passed(), ...alsoInputs])].filter((path) => existsSync(join(root, path)));
    // File times may lag behind the clock by a tick of the kernel.
    const changed = inputs.some((path) => statSync(join(root, path)).mtimeMs > started - 20);
    if (!changed || attempt === 3) return inputs;
    for (const name of readdirSync(outdir)) rmSync(join(outdir, name), { recursive: true });
  }
}

/**
 * @param {typeof import("esbuild")} esbuild
 * @param {import("esbuild").BuildFailure} failure
 * @returns {Promise<never>}
 */
async function explain(esbuild, failure) {
  const lines = await esbuild.formatMessages(failure.errors ?? [], { kind: "error" });
  throw new Error(`the sources do not compile\n${lines.join("") || failure.message}`);
}

/**
 * Gives the finished folder its name and points `dist` at it.
 * @param {string} folder
 * @param {string} dist
 * @param {import("./freshness.mjs").Stamp} stamp
 */
function publish(folder, dist, stamp) {
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
  for (const name of names.toSorted()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  const final = `${dist}-${hash.digest("hex").slice(0, 12)}`;
  writeStamp(folder, stamp);
  try {
    renameSync(folder, final);
  } catch {
    writeStamp(final, stamp); // the same content is there already, from before or from a process that builds at this moment
  }
  const link = `${folder}-link`;
  symlinkSync(basename(final), link, "junction");
  renameSync(link, dist);
}

/**
 * @param {string} home
 * @param {string} dist
 */
function removeOld(home, dist) {
  const current = basename(realpathSync(dist));
  for (const name of readdirSync(home)) {
    if (!name.startsWith("dist-") || name === current) continue;
    const stat = statSync(join(home, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > dayMs) rmSync(join(home, name), { recursive: true, force: true });
  }
}
