import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * Bundles a TypeScript program of these tests for a child process: the oldest Node supported reads no TypeScript.
 * @param folder where the result goes.
 * @param replace modules that the program and all it imports get instead of others: `{ "node:fs/promises": "/…/shim.ts" }`.
 * @returns the path of the JavaScript file.
 */
export async function bundleProgram(folder: string, entry: URL, replace: Readonly<Record<string, URL>> = {}): Promise<string> {
  const replaced: Plugin = {
    name: "replaced",
    setup(plugin) {
      plugin.onResolve({ filter: /^node:/ }, ({ path, importer }) => {
        const shim = replace[path];
        return shim === undefined || importer === fileURLToPath(shim) ? { external: true } : { path: fileURLToPath(shim) };
      });
    },
  };
  const outfile = join(folder, `${basename(fileURLToPath(entry), ".ts")}.mjs`);
  const entryPoints = [fileURLToPath(entry)];
  // `pg` is CommonJS, which calls `require` for Node's own modules, and looks for a native driver that we do not have.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "silent", plugins: [replaced], banner, external: ["pg-native"] });
  return outfile;
}
