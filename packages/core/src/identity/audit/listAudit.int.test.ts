import { expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { audit } from "../access/audit.ts";
import { policies, userWith } from "../test/people.ts";
import { listAudit } from "./listAudit.ts";

const database = testDatabase();

it("gives every row once, newest first, page by page, also while rows are added", async () => {
  const ctx = database.ctx();
  const write = (id: number) => audit(ctx, { action: "rules.read", resource: { type: "Rule", id: String(id) } });
  for (let id = 0; id < 10; id++) await write(id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAudit(ctx, { resourceType: "Rule" }, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items.map(({ resource }) => resource.id));
    await write(99);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
});

it("is narrowed by actor, action, resource, outcome and time", async () => {
  const ctx = database.ctx({ kind: "user", id: "u7", name: "Anna", roles: [] });
  await audit(ctx, { action: "lake.query", resource: { type: "Lake", id: "one" }, outcome: "failed" });
  database.at = new Date("2026-11-22T00:00:00Z");
  await audit(ctx, { action: "lake.export", resource: { type: "Lake", id: "two" } });
  const ids = async (filter: Parameters<typeof listAudit>[1]) => (await listAudit(ctx, filter)).items.map(({ resource }) => resource.id);
  expect(await ids({ actor: "u7" })).toEqual(["two", "one"]);
  expect(await ids({ action: "lake.query" })).toEqual(["one"]);
  expect(await ids({ resourceType: "Lake", resourceId: "two" })).toEqual(["two"]);
  expect(await ids({ outcome: "failed" })).toEqual(["one"]);
  expect(await ids({ actor: "u7", to: new Date("2026-11-21T23:00:00Z") })).toEqual(["one"]);
  expect(await ids({ actor: "u7", from: new Date("2026-11-21T23:00:00Z") })).toEqual(["two"]);
});

it("finds an actor by a part of the name too, whatever its case, and takes no letter for a pattern", async () => {
  const by = async (name: string, id: string): Promise<void> => audit(database.ctx({ kind: "token", id, name, scopes: [] }), { action: "lake.query", resource: { type: "Lake", id: name } });
  for (const [name, id] of [["Änne Berg", "t1"], ["Bernd Änneken", "t2"], ["100%_\\sure", "t3"]] as const) await by(name, id);
  const named = async (actor: string) => (await listAudit(database.ctx(), { actor })).items.map(({ actor: { id } }) => id);
  expect(await named("Änne Berg")).toEqual(["t1"]);
  expect(await named("äNNE")).toEqual(["t2", "t1"]);
  expect(await named("t3")).toEqual(["t3"]);
  for (const part of ["100%_\\s", "%_", "\\"]) expect(await named(part)).toEqual(["t3"]);
  for (const part of ["_", "%"]) expect(await named(part)).toEqual(["t3"]);
  expect(await named("nobody of this name")).toEqual([]);
});

it("is for those who may read it, and takes no foreign cursor or limit", async () => {
  await expect(listAudit(database.ctx(userWith("responder"), policies))).rejects.toMatchObject({ name: "Forbidden" });
  await expect(listAudit(database.ctx(userWith("auditor"), policies))).resolves.toMatchObject({ next: null });
  for (const cursor of ["?", "bm9wZQ", Buffer.from('"1; DROP TABLE users"').toString("base64url")]) await expect(listAudit(database.ctx(), {}, { cursor })).rejects.toThrow("no cursor of this list");
  for (const limit of [0, 201, 1.5]) await expect(listAudit(database.ctx(), {}, { limit })).rejects.toMatchObject({ name: "Invalid" });
});
