import { expect, it } from "vitest";
import { Conflict } from "../../kernel/index.ts";
import { inTransaction } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { listAudit, type AuditRow } from "../audit/listAudit.ts";
import { policies, userWith } from "../test/people.ts";
import { audit } from "./audit.ts";
import { authorize } from "./authorize.ts";

const database = testDatabase();
const FINDING = { type: "Finding", id: "f1" };
const trail = async (id: string): Promise<AuditRow[]> => (await listAudit(database.ctx(), { resourceId: id }, { limit: 200 })).items;

it("keeps the row of a refusal although the verb is rolled back, and not the verb's own", async () => {
  const ctx = database.ctx(userWith("viewer"), policies);
  const verb = inTransaction({ ...ctx, address: "192.0.2.7" }, async (tx) => {
    await audit(tx, { action: "findings.comment", resource: FINDING });
    await authorize(tx, "findings.close", FINDING);
  });
  await expect(verb).rejects.toMatchObject({ name: "Forbidden", message: 'You may not do this: it needs "findings.close".' });
  expect(await trail("f1")).toMatchObject([{ action: "findings.close", outcome: "refused", actor: { kind: "user", name: "viewer" }, address: "192.0.2.7", at: database.at }]);
});

it("keeps it also outside of a transaction, and where the verb goes on in spite of it", async () => {
  const ctx = database.ctx(userWith(), policies);
  await expect(authorize(ctx, "lake.query", { type: "Lake", id: "outside" })).rejects.toThrow("You may not do this");
  await inTransaction(ctx, async (tx) => {
    await authorize(tx, "lake.query", { type: "Lake", id: "goes-on" }).catch(() => undefined);
    await audit(tx, { action: "findings.read", resource: { type: "Lake", id: "goes-on" } });
  });
  expect(await trail("outside")).toMatchObject([{ outcome: "refused" }]);
  expect((await trail("goes-on")).map(({ outcome }) => outcome)).toEqual(["refused", "done"]);
});

it("lets more verbs be refused at once than there are connections", async () => {
  const ctx = database.ctx(userWith("viewer"), policies);
  const refused = Array.from({ length: 40 }, () => inTransaction(ctx, (tx) => authorize(tx, "lake.query", { type: "Lake", id: "crowd" })));
  const results = await Promise.allSettled(refused);
  expect(results.every((each) => each.status === "rejected" && (each.reason as Error).name === "Forbidden")).toBe(true);
  expect(await trail("crowd")).toHaveLength(40);
});

it("writes a change and its row together, or neither", async () => {
  const ctx = database.ctx(userWith("responder"), policies);
  const write = (fails: boolean) =>
    inTransaction(ctx, async (tx) => {
      await audit(tx, { action: "findings.triage", resource: { type: "Finding", id: `fails-${fails}` }, detail: { owner: "anna" } });
      if (fails) throw new Conflict("Somebody was faster.");
    });
  await write(false);
  await expect(write(true)).rejects.toThrow("Somebody was faster.");
  expect(await trail("fails-false")).toMatchObject([{ action: "findings.triage", outcome: "done", detail: { owner: "anna" } }]);
  expect(await trail("fails-true")).toEqual([]);
});

it("takes whatever text comes, shows what hides in it, and refuses too much of it", async () => {
  const ctx = database.ctx({ kind: "user", id: "u1\0", name: "An\u202Ena\ud800", roles: [] });
  await audit(ctx, { action: "findings.read", resource: { type: "Finding", id: "hostile" }, detail: { note: "a\0b\ud800c", deep: [{ "k\ud800": "\u200b" }] } });
  const [row] = await trail("hostile");
  expect(row).toMatchObject({ actor: { name: "An\\u{202E}na\\u{D800}" }, detail: { note: "a\\u{00}b\\u{D800}c", deep: [{ "k\\u{D800}": "\\u{200B}" }] } });
  await audit(ctx, { action: "findings.read", resource: { type: "Finding", id: "x".repeat(100_000) } });
  await expect(audit(ctx, { action: "findings.read", resource: FINDING, detail: { note: "x".repeat(9_000) } })).rejects.toThrow("too large to be audited");
});

it("refuses to write secrets down", async () => {
  const ctx = database.ctx();
  for (const detail of [{ password: "hunter2hunter2" }, { deep: { Cookie: "a=b" } }, { note: `used cdy_${"0".repeat(88)}` }])
    await expect(audit(ctx, { action: "users.write", resource: { type: "User", id: "secret" }, detail })).rejects.toThrow("carries a secret");
  expect(await trail("secret")).toEqual([]);
});
