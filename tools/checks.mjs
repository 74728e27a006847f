import { join } from "node:path";
import { programOf } from "./programs.mjs";

/** @typedef {{ name: string, command: string[] }} Check `command` is what follows `node`. */

/**
 * The checks of a change, used by `npm run verify` and by .ci/run.
 * @param {string} root the checkout, with its packages installed
 * @param {string[]} names which, in this order
 * @returns {Check[]}
 */
export function checksNamed(root, names) {
  /** @type {Record<string, () => string[]>} */
  const commands = {
    "quick tests": () => [programOf(root, "vitest"), "run", "--project", "quick"],
    types: () => [programOf(root, "tsc"), "-p", root],
    "types of web": () => [programOf(root, "tsc"), "-p", join(root, "packages/web")],
    lint: () => [programOf(root, "oxlint"), "--deny-warnings"],
    rooms: () => [join(root, "tools/run-ts.mjs"), "tools/check-rooms.ts"],
    "unused code": () => [programOf(root, "knip")],
  };
  return names.map((name) => {
    const command = commands[name];
    if (command === undefined) throw new Error(`there is no check "${name}"`);
    return { name, command: command() };
  });
}
