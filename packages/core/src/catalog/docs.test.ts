import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ownerOf } from "./index.ts";
import { load } from "./test/catalogFolder.ts";

const page = readFileSync(new URL("../../../../docs/catalog.md", import.meta.url), "utf8");

it("docs/catalog.md shows a catalog without a problem, and says truly who owns what", async () => {
  const { catalog, problems } = await load(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? "");
  expect(problems).toEqual([]);
  expect([catalog.teams.length, catalog.people.length, catalog.services.length]).toEqual([1, 1, 2]);
  expect(ownerOf(catalog, { account: "111122223333", role: "checkout-api" })).toMatchObject({ service: "component:default/checkout", team: "group:default/payments", environment: "production", tier: 1 });
});

it("docs/catalog.md names every annotation of ours that is read, and no other", async () => {
  const named = new Set(page.match(/corduroy\.dev\/[a-z-]+/g));
  named.delete("corduroy.dev/tier"); // a label
  const annotations = [...named].map((name) => `    ${name}: x`).join("\n");
  const { problems } = await load(["Group", "Component"].map((kind) => `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: x\n  annotations:\n${annotations}\nspec:\n  type: team\n  owner: x\n`).join("---\n"));
  const unknown = problems.flatMap((problem) => /has no annotation "(.+)"/.exec(problem)?.[1] ?? []);
  expect([...unknown].sort()).toEqual([...named].sort());
});
