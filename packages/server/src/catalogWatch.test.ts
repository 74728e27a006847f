import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { CatalogWatch } from "./catalogWatch.ts";

const team = (name: string): string => `---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n`;

function folder(): { path: string; write: (text: string) => void } {
  const path = mkdtempSync(join(tmpdir(), "corduroy-watch-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  let changes = 0;
  const write = (text: string): void => {
    writeFileSync(join(path, "catalog-info.yaml"), text);
    // Each version has a time of its own, however coarse the clock of the disk.
    utimesSync(join(path, "catalog-info.yaml"), 1_000_000, 1_000_000 + ++changes);
  };
  return { path, write };
}

async function watched(path: string | null): Promise<{ watch: CatalogWatch; troubles: string[] }> {
  const troubles: string[] = [];
  const watch = await CatalogWatch.open(path, (text) => troubles.push(text));
  onTestFinished(() => watch.close());
  return { watch, troubles };
}

const teams = ({ catalog }: CatalogWatch): string[] | undefined => catalog?.teams.map(({ ref }) => ref);

it("reads the catalog again when it has changed", async () => {
  const { path, write } = folder();
  write(team("payments"));
  const { watch } = await watched(path);
  const first = watch.catalog;
  await watch.look();
  expect(watch.catalog).toBe(first);
  write(team("payments") + team("shop"));
  await watch.look();
  expect(teams(watch)).toEqual(["group:default/payments", "group:default/shop"]);
  write(team("shop"));
  await watch.look();
  expect(teams(watch)).toEqual(["group:default/shop"]);
});

it("keeps the version before when the new one is broken, and tells where", async () => {
  const { path, write } = folder();
  write(team("payments"));
  const { watch, troubles } = await watched(path);
  write(team("payments").replace("  name", " \tname: ["));
  await watch.look();
  expect(teams(watch)).toEqual(["group:default/payments"]);
  expect(watch.problems).toMatchObject([{ file: "catalog-info.yaml", line: expect.any(Number) as number, column: expect.any(Number) as number, message: expect.stringContaining("not YAML") as string }]);
  expect(troubles).toEqual([expect.stringContaining("the version before is still used. The first: catalog-info.yaml: ")]);
  // A problem that takes nothing away does not stand in the way.
  write(`${team("payments")}${team("payments")}`);
  await watch.look();
  expect(watch.problems).toHaveLength(1);
  expect(troubles).toHaveLength(1);
  write(team("payments"));
  await watch.look();
  expect(watch.problems).toEqual([]);
});

it("is no catalog without a folder", async () => {
  const { watch } = await watched(null);
  await watch.look();
  expect(watch.catalog).toBeNull();
});
