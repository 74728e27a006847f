import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Our own sources. */
export const OURS = /[\\/]packages[\\/]\w+[\\/]src[\\/].*\.ts$/;

/**
 * Lets whoever imports through a door import from where a thing is. A door is an `index.ts` that names what a folder gives and where each of it is, and nothing else.
 *
 * esbuild splits a bundle by files: through a door a program is taken to need all that any other gets there, so that a scan loaded what signs people in: 0.86 s of processor time
 * instead of 0.22. What is not written as our imports are stays as it is, and so does the order of lines.
 * @param {string} root the checkout
 * @returns {{ rewritten: (path: string) => string, passed: () => string[] }} the text of a file of ours, with its imports where things are; and the doors that were gone through so far,
 *   relative to the root: nobody else knows that they matter
 */
export function throughDoors(root) {
  /** @type {Map<string, Names | null>} */
  const doors = new Map();

  /** @param {string} path @returns {Names | null} */
  const doorAt = (path) => {
    const known = doors.get(path);
    if (known !== undefined) return known;
    const names = /[\\/]index\.ts$/.test(path) && existsSync(path) ? namesOf(path) : null;
    doors.set(path, names);
    return names;
  };

  /** @param {string} path @param {string} name @returns {Home} */
  const homeOf = (path, name) => {
    const next = doorAt(path)?.get(name);
    return next === undefined ? { path, name } : homeOf(next.path, next.name);
  };

  /** @param {string} from @param {string} specifier */
  const fileOf = (from, specifier) => {
    const [, name, room = ""] = /^@corduroy\/(\w+)(?:\/([\w/-]+))?$/.exec(specifier) ?? [];
    return name === undefined ? resolve(dirname(from), specifier) : join(root, "packages", name, "src", room, "index.ts");
  };

  const rewritten = (/** @type {string} */ path) => readFileSync(path, "utf8").replaceAll(/^import \{ ([^{}\n]+) \} from "((?:\.|@corduroy\/)[^"\n]+)";$/gm, (whole, /** @type {string} */ list, /** @type {string} */ specifier) => {
    const door = fileOf(path, specifier);
    if (doorAt(door) === null) return whole;
    return pairsOf(list).filter(({ type }) => !type).map(({ name, as }) => {
      const home = homeOf(door, name);
      return `import { ${home.name} as ${as} } from ${JSON.stringify(home.path)};`;
    }).join(" ");
  });
  return { rewritten, passed: () => [...doors].flatMap(([path, names]) => (names === null ? [] : [path.slice(join(root, "/").length)])) };
}

/**
 * Where a name is, and what it is called there.
 * @typedef {{ path: string, name: string }} Home
 * @typedef {Map<string, Home>} Names
 */

/** What a door gives; null for a file that is none. @param {string} path @returns {Names | null} */
function namesOf(path) {
  /** @type {Names} */
  const names = new Map();
  const lines = readFileSync(path, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "").split("\n");
  for (const line of lines.filter((text) => text.trim() !== "" && !text.startsWith("//"))) {
    const [, list, from] = /^export (?:type )?\{ ([^{}]+) \} from "(\.[^"]+)";$/.exec(line) ?? [];
    if (list === undefined || from === undefined) return null;
    for (const { name, as } of pairsOf(list)) names.set(as, { path: resolve(dirname(path), from), name });
  }
  return names;
}

/** @param {string} list `a, b as c, type D` */
function pairsOf(list) {
  return list.split(", ").map((each) => {
    const [name = "", as = name] = each.replace(/^type /, "").split(" as ");
    return { name, as, type: each.startsWith("type ") };
  });
}
