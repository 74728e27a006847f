import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import type { Edge } from "./judge.ts";
import { isTest, sourceFiles, type Table } from "./table.ts";

/**
 * Compares the table with the disk: every package and room is listed, nothing is listed that does not exist, every file of a package with
 * rooms is in one, and no permission is left that nobody uses.
 */
export function staleEntries(root: string, table: Table, edges: Edge[]): string[] {
  return [...packageProblems(root, table), ...roomProblems(root, table), ...unusedPermissions(table, edges)];
}

function packageProblems(root: string, table: Table): string[] {
  const present = foldersIn(join(root, "packages")).map((name) => `packages/${name}`);
  const listed = Object.keys(table.packages);
  return [
    ...present.filter((folder) => !listed.includes(folder)).map((folder) => `package ${folder} is not listed`),
    ...listed.filter((folder) => sourceFiles(root, folder).length === 0).map((folder) => `package ${folder} is listed, and has no sources`),
    ...Object.keys(table.floors).filter((folder) => !listed.includes(folder)).map((folder) => `floors are given for ${folder}, which is not listed`),
  ];
}

function roomProblems(root: string, table: Table): string[] {
  return Object.entries(table.floors).flatMap(([folder, floors]) => {
    const src = join(root, folder, "src");
    const listed = Object.values(floors).flat();
    const beside = sourceFiles(root, folder).filter((file) => posix.dirname(file) === `${folder}/src` && !isTest(file));
    return [
      ...foldersIn(src).filter((room) => !listed.includes(room)).map((room) => `room "${room}" of ${folder} has no floor`),
      ...listed.filter((room) => !existsSync(join(src, room, "index.ts"))).map((room) => `room "${room}" of ${folder} is listed, and has no index.ts`),
      ...beside.map((file) => `${file} is in no room`),
    ];
  });
}

function unusedPermissions(table: Table, edges: Edge[]): string[] {
  const unused = Object.entries(table.packages).flatMap(([from, allowed]) =>
    allowed.filter((to) => !edges.some((edge) => edge.from === from && edge.to === to)).map((to) => `${from} may import "${to}", and never does`),
  );
  const unusedByTests = table.testsMayImport.filter((to) => !edges.some((edge) => edge.test && edge.to === to));
  return [...unused, ...unusedByTests.map((to) => `tests may import "${to}", and never do`)];
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
