// node tools/run-ts.mjs FILE.ts [ARGUMENTS]: installs what is missing, then runs a TypeScript program of this checkout.
// The oldest Node supported here reads no TypeScript: our own code is bundled into a throwaway file, everything of node_modules stays outside.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { requireNode } from "../packages/cli/bin/node-version.mjs";
import { ensureDependencies } from "./dependencies.mjs";

requireNode();
const root = fileURLToPath(new URL("..", import.meta.url));
const entry = resolve(process.argv[2] ?? "");

/** @type {import("esbuild").Plugin} */
const ours = {
  name: "ours",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => (kind === "entry-point" || path.startsWith("@corduroy/") ? undefined : { external: true }));
    // Programs find their data beside themselves: keep that true although the bundle lies elsewhere.
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      return { contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)), loader: "ts" };
    });
  },
};

try {
  ensureDependencies(root);
  const { build } = await import("esbuild");
  const folder = join(root, ".cache", "run", `${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "main.mjs");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", target: "node20", sourcemap: "inline", plugins: [ours] });
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, 2, entry);
  await import(pathToFileURL(outfile).href);
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
}
