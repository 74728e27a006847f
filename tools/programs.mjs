import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * The JavaScript file behind a program of node_modules. Started with `node FILE` it needs neither a shell nor the links in `.bin`.
 * @param {string} root the checkout
 * @param {string} name the program, e.g. "vitest"
 * @returns {string} an absolute path
 */
export function programOf(root, name) {
  const require = createRequire(join(root, "package.json"));
  const packageName = name === "tsc" ? "typescript" : name;
  const manifestPath = join(root, "node_modules", packageName, "package.json");
  /** @type {{ bin?: string | Record<string, string> }} */
  const { bin } = require(manifestPath);
  const file = typeof bin === "string" ? bin : bin?.[name];
  if (file === undefined) throw new Error(`${packageName} has no program "${name}"`);
  return join(dirname(manifestPath), file);
}
