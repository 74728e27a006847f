import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What may import what, as written in `tools/rooms.json`. */
export interface Table {
  /** Each package's folder, and the packages of ours that its product code may import, by short name. */
  packages: Record<string, string[]>;
  /** What every test may import besides, by short name. */
  testsMayImport: string[];
  /** For a package with rooms: floor number -> rooms on that floor. */
  floors: Record<string, Record<string, string[]>>;
}

/** One package as found on the disk, with its line of the table. */
export interface Unit {
  /** Folder relative to the root: "packages/core". */
  folder: string;
  /** Our packages that product code may import: "sigma". */
  mayImport: string[];
  /** Room -> floor; undefined for a package without rooms. */
  rooms: Map<string, number> | undefined;
  /** Third-party packages that package.json declares for the product. */
  dependencies: Set<string>;
  /** Those declared for tests, here or at the root. */
  devDependencies: Set<string>;
}

/** Reads the table and joins it with the manifests of the packages. Folders in the table that do not exist are left to the check of stale entries. */
export function readUnits(root: string, table: Table): Unit[] {
  const shared = manifest(join(root, "package.json"));
  return Object.entries(table.packages)
    .filter(([folder]) => existsSync(join(root, folder, "package.json")))
    .map(([folder, mayImport]) => {
      const own = manifest(join(root, folder, "package.json"));
      return {
        folder,
        mayImport,
        rooms: roomsOf(table.floors[folder]),
        dependencies: new Set(own.dependencies),
        devDependencies: new Set([...own.devDependencies, ...shared.devDependencies]),
      };
    });
}

/** Every TypeScript file below a package's `src` and `test`, relative to the root, sorted. */
export function sourceFiles(root: string, folder: string): string[] {
  return [`${folder}/src`, `${folder}/test`]
    .filter((part) => existsSync(join(root, part)))
    .flatMap((part) => readdirSync(join(root, part), { recursive: true, encoding: "utf8" }).map((path) => `${part}/${path.replaceAll("\\", "/")}`))
    .filter((path) => /\.tsx?$/.test(path))
    .toSorted();
}

/** Tests, and what only they use: `x.test.ts` and everything in a folder named `test`. */
export function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.includes("/test/");
}

function roomsOf(floors: Record<string, string[]> | undefined): Map<string, number> | undefined {
  if (floors === undefined) return undefined;
  return new Map(Object.entries(floors).flatMap(([floor, rooms]) => rooms.map((room) => [room, Number(floor)] as const)));
}

function manifest(path: string): { dependencies: string[]; devDependencies: string[] } {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, "utf8")) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  return { dependencies: Object.keys(dependencies), devDependencies: Object.keys(devDependencies) };
}
