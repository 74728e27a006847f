import { posix } from "node:path";
import { isTest, type Table, type Unit } from "./table.ts";

/** A package of ours, used by product code or by a test of some package. Collected to find permissions that nobody uses. */
export interface Edge {
  from: string;
  to: string;
  test: boolean;
}

export interface Verdict {
  /** Why the import is not allowed; undefined when it is. */
  problem: string | undefined;
  /** The use of another package of ours, if it is one. */
  edge?: Edge;
}

const allowed: Verdict = { problem: undefined };

/** Judges one import of one file. `file` is relative to the root; `specifier` is undefined when `import()` computes its module. */
export function judge(table: Table, units: Unit[], unit: Unit, file: string, specifier: string | undefined): Verdict {
  const test = isTest(file);
  if (specifier === undefined) return test ? allowed : refuse("import() of a computed module cannot be checked; write the module's name");
  if (specifier.startsWith(".")) return judgeRelative(unit, file, posix.normalize(posix.join(posix.dirname(file), specifier)));
  if (specifier.startsWith("node:")) return allowed;
  if (specifier.startsWith("@corduroy/")) return judgeOurs(table, units, unit, test, specifier);
  const name = packageName(specifier);
  if (unit.dependencies.has(name) || (test && unit.devDependencies.has(name))) return allowed;
  return refuse(`"${name}" is not in the dependencies of ${unit.folder}/package.json`);
}

function judgeRelative(unit: Unit, file: string, target: string): Verdict {
  if (target === `${unit.folder}/package.json`) return allowed; // its version, for instance
  const src = `${unit.folder}/src/`;
  if (!target.startsWith(src) && !target.startsWith(`${unit.folder}/test/`)) return refuse(`a relative import leaves ${src}; import the package by its name`);
  if (isTest(target) && !isTest(file)) return refuse("product code imports test code");
  if (unit.rooms === undefined || !target.startsWith(src)) return allowed;
  const from = roomOf(src, file);
  const to = roomOf(src, target);
  if (from === to) return allowed;
  if (to === undefined) return refuse(`${target} is in no room`);
  // What a room gives to the tests of others has a door of its own.
  if (isTest(file) && target === `${src}${to}/test/index.ts`) return allowed;
  if (target !== `${src}${to}/index.ts`) return refuse(`room "${to}" is entered past its door; import ../${to}/index.ts`);
  if (isTest(file)) return allowed;
  const ownFloor = from === undefined ? undefined : unit.rooms.get(from);
  const otherFloor = unit.rooms.get(to);
  // Files and rooms that the table does not know are reported once by the check of the table itself.
  if (ownFloor === undefined || otherFloor === undefined || otherFloor < ownFloor) return allowed;
  return refuse(`room "${from}" (floor ${ownFloor}) imports room "${to}" (floor ${otherFloor}); only lower floors may be imported`);
}

function judgeOurs(table: Table, units: Unit[], unit: Unit, test: boolean, specifier: string): Verdict {
  const [, name = "", ...rest] = specifier.split("/");
  const target = units.find(({ folder }) => folder === `packages/${name}`);
  if (target === undefined) return refuse(`there is no package "${name}" in the table`);
  if (target === unit) return test ? allowed : refuse("a package imports itself by name; use a relative path");
  const edge = { from: unit.folder, to: name, test };
  const permitted = unit.mayImport.includes(name) || (test && table.testsMayImport.includes(name));
  if (!permitted) return { problem: `${unit.folder} may not import "${name}"`, edge };
  if (!test && !unit.dependencies.has(`@corduroy/${name}`)) return { problem: `"@corduroy/${name}" is not in the dependencies of ${unit.folder}/package.json`, edge };
  const [room = "", ...within] = rest;
  const door = target.rooms === undefined ? rest.length === 0 || (test && rest.join("/") === "test") : target.rooms.has(room) && (within.length === 0 || (test && within.join("/") === "test"));
  if (!door) return { problem: `"${specifier}" is no door of ${target.folder}; import ${target.rooms === undefined ? `@corduroy/${name}` : `@corduroy/${name}/ROOM`}`, edge };
  return { problem: undefined, edge };
}

/** The room of a file, or undefined for one that lies beside the rooms. */
function roomOf(src: string, file: string): string | undefined {
  if (!file.startsWith(src)) return undefined;
  const [first, ...rest] = file.slice(src.length).split("/");
  return rest.length === 0 ? undefined : first;
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function refuse(problem: string): Verdict {
  return { problem };
}
