import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createPublicKey, randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { audit } from "../access/audit.ts";
import { signingKey } from "../keys/secretBox.ts";
import type { SealHead } from "./head.ts";
import { headsFolder, readHeadsFolder } from "./headsFolder.ts";
import { sealAudit } from "./sealAudit.ts";
import { verifyAudit, type AuditVerdict } from "./verifyAudit.ts";

const key = signingKey(randomBytes(32));
const folder = mkdtempSync(join(tmpdir(), "corduroy-heads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (ctx: DbCtx, id: string): Promise<void> => audit(ctx, { action: "findings.triage", resource: { type: "Finding", id }, detail: { n: 1.5, text: "x" } });
const change = (ctx: DbCtx, statement: string): Promise<unknown> => ctx.db.execute(sql.raw(statement));

const insert = (place: number | string): string => `INSERT INTO audit_log (at, actor_kind, actor_name, action, resource_type, resource_id, outcome, detail, seq, hash)
  SELECT at, 'system', 'forger', action, resource_type, resource_id, outcome, detail, ${place}, hash FROM audit_log WHERE seq = 1`;

describe("a trail under way", () => {
  const database = testDatabase();

  it("is empty and not anchored at first", async () => {
    expect(await sealAudit(database.ctx(), { key })).toBe(0);
    expect(await verifyAudit(database.ctx(), key)).toEqual({ rows: 0, unsealed: 0, anchoredTo: null, fault: null });
  });

  it("seals what is committed, and a row with a lower id when it appears later", async () => {
    const ctx = database.ctx();
    let begun!: () => void;
    let finish!: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const mayFinish = new Promise<void>((resolve) => (finish = resolve));
    const slow = inTransaction(ctx, async (tx) => {
      await write(tx, "slow");
      begun();
      await mayFinish;
    });
    await hasBegun;
    await write(ctx, "fast");
    expect(await sealAudit(ctx, { key })).toBe(1);
    finish();
    await slow;
    expect(await verifyAudit(ctx, key)).toMatchObject({ rows: 1, unsealed: 1, fault: null });
    expect(await sealAudit(ctx, { key })).toBe(1);
    const rows = await ctx.db.execute<{ resource_id: string; seq: number }>(sql`SELECT resource_id, seq::int FROM audit_log ORDER BY id`);
    expect(rows.rows).toEqual([{ resource_id: "slow", seq: 2 }, { resource_id: "fast", seq: 1 }]);
  });

  it("has one gapless sequence whatever number of writers and sealers work at once", async () => {
    const ctx = database.ctx();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 25; n++) await write(ctx, `${writer}-${n}`);
    });
    const sealers = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < 6; n++) await sealAudit(ctx, { key });
    });
    await Promise.all([...writers, ...sealers]);
    await sealAudit(ctx, { key });
    expect(await verifyAudit(ctx, createPublicKey(key))).toEqual({ rows: 202, unsealed: 0, anchoredTo: null, fault: null });
  });

  it("publishes heads once and in order, later if the target was away", async () => {
    const ctx = database.ctx();
    const away = { key, publish: () => Promise.reject(new Error("away")) };
    await expect(sealAudit(ctx, away)).rejects.toThrow("away");
    await write(ctx, "later");
    await expect(sealAudit(ctx, away)).rejects.toThrow("away");
    await sealAudit(ctx, { key, publish: headsFolder(folder) });
    const heads = await readHeadsFolder(folder);
    expect(heads.at(-1)?.seq).toBe(203);
    expect(heads.map(({ seq }) => seq)).toEqual(heads.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(heads.map(() => 0o444));
    expect(await verifyAudit(ctx, key, heads)).toMatchObject({ anchoredTo: 203, fault: null });
    const published: number[] = [];
    await sealAudit(ctx, { key, publish: async ({ seq }) => void published.push(seq) });
    expect(published).toEqual([]);
  });

  it("publishes a head again without harm, and never another one in its place", async () => {
    const [head] = await readHeadsFolder(folder);
    await headsFolder(folder)(head!);
    await expect(headsFolder(folder)({ ...head!, hash: "f".repeat(64) })).rejects.toMatchObject({ name: "Conflict" });
    expect((await readHeadsFolder(folder))[0]).toEqual(head);
    expect(readdirSync(folder).every((name) => name.startsWith("head-"))).toBe(true);
  });

  it("goes on in its order when the clock is set back", async () => {
    const right = database.at;
    database.at = new Date(right.getTime() - 86_400_000);
    await write(database.ctx(), "yesterday again");
    expect(await sealAudit(database.ctx(), { key, publish: headsFolder(folder) })).toBe(1);
    database.at = right;
    const heads = await readHeadsFolder(folder);
    expect(heads.at(-1)).toMatchObject({ seq: 204, at: new Date(right.getTime() - 86_400_000).toISOString() });
    expect(await verifyAudit(database.ctx(), key, heads)).toMatchObject({ rows: 204, anchoredTo: 204, fault: null });
  });

  it("cannot be changed by statements: a trigger refuses them", async () => {
    const ctx = database.ctx();
    await write(ctx, "unsealed");
    for (const statement of [
      "UPDATE audit_log SET actor_name = 'x' WHERE seq = 3", "UPDATE audit_log SET detail = '{}' WHERE seq IS NULL", "UPDATE audit_log SET seq = 999, hash = '' WHERE seq = 3",
      "UPDATE audit_log SET seq = 999, hash = '', action = 'x' WHERE seq IS NULL", "UPDATE audit_log SET seq = NULL, hash = NULL WHERE seq = 203", "DELETE FROM audit_log WHERE seq = 3", "TRUNCATE audit_log",
      "INSERT INTO audit_log SELECT 9999, at, actor_kind, actor_id, actor_name, address, action, resource_type, resource_id, outcome, detail, 9999, hash FROM audit_log WHERE seq = 3",
      "UPDATE seal_heads SET hash = ''", "UPDATE seal_heads SET published_at = NULL", "DELETE FROM seal_heads", "TRUNCATE seal_heads",
    ])
      await expect(change(ctx, statement), statement).rejects.toMatchObject({ cause: { code: "42501" } });
    await sealAudit(ctx, { key });
    expect(await verifyAudit(ctx, key)).toMatchObject({ rows: 205, fault: null });
  });
});

describe("a trail that was changed by somebody who owns the database", () => {
  const database = testDatabase();
  const ROWS = 24;
  const published: SealHead[] = [];

  beforeAll(async () => {
    const ctx = database.ctx({ kind: "user", id: "u1", name: "Anna", roles: [] });
    for (let row = 1; row <= ROWS; row++) {
      await write({ ...ctx, address: row % 2 === 0 ? null : "192.0.2.1" }, `f${row}`);
      if (row % 5 === 0) await sealAudit(ctx, { key, publish: async (head) => void published.push(head) });
    }
    await sealAudit(ctx, { key, publish: async (head) => void published.push(head) });
  });

  /** What is found after these statements, which are undone again. */
  async function foundAfter(statements: readonly string[], heads: readonly SealHead[] = []): Promise<AuditVerdict> {
    let verdict: AuditVerdict | undefined;
    const undone = new Error("undone");
    await inTransaction(database.ctx(), async (tx) => {
      await change(tx, "SET LOCAL session_replication_role = replica");
      for (const statement of statements) await change(tx, statement);
      verdict = await verifyAudit(tx, key, heads);
      throw undone;
    }).catch((error: unknown) => {
      if (error !== undone) throw error;
    });
    return verdict!;
  }

  const seq = fc.integer({ min: 1, max: ROWS });
  const edits = fc.constantFrom(
    "id = id + 1000", "at = at + interval '1 microsecond'", "at = (at::text || ' BC')::timestamptz", "at = 'infinity'", "actor_kind = 'system'", "actor_id = NULL", "actor_id = actor_id || ' '", "actor_name = 'anna'",
    "address = CASE WHEN address IS NULL THEN '' ELSE NULL END", "action = ''", "resource_type = 'finding'", "resource_id = resource_id || '0'", "outcome = 'failed'",
    "detail = '{}'", `detail = '{"n": 1.50, "text": "x"}'`, `detail = '{"n": 1.5000000000000000000001, "text": "x"}'`, `detail = detail || '{"more": null}'`, "hash = NULL", "hash = upper(hash)", `hash = repeat('0', 64)`,
    "actor_name = resource_id, resource_id = actor_name", "resource_type = resource_type || resource_id, resource_id = ''",
  );

  it("is as it was, before anybody touches it", async () => {
    expect(await foundAfter([], published)).toEqual({ rows: ROWS, unsealed: 0, anchoredTo: ROWS, fault: null });
  });

  it("is found with any column of any row edited, by its place", async () => {
    await fc.assert(fc.asyncProperty(seq, edits, async (row, edit) => {
      const { fault } = await foundAfter([`UPDATE audit_log SET ${edit} WHERE seq = ${row}`]);
      expect(fault).toMatchObject({ seq: row, what: "altered" });
    }), { numRuns: 120 });
  });

  it("is found with any row deleted, or its place taken away or changed", async () => {
    await fc.assert(fc.asyncProperty(seq, fc.constantFrom("DELETE FROM audit_log", "UPDATE audit_log SET seq = NULL", "UPDATE audit_log SET seq = 1000", "UPDATE audit_log SET seq = NULL, hash = NULL"), async (row, how) => {
      const { fault } = await foundAfter([`${how} WHERE seq = ${row}`]);
      expect(fault?.seq).toBe(row);
      expect(["missing", "truncated"]).toContain(fault?.what);
    }), { numRuns: 60 });
    for (const place of [0, -1, -(2n ** 63n)]) expect((await foundAfter([`UPDATE audit_log SET seq = ${place} WHERE seq = 7`])).fault).not.toBeNull();
  });

  it("is found with any two rows swapped, their places or their contents", async () => {
    const content = "at, actor_kind, actor_id, actor_name, address, action, resource_type, resource_id, outcome, detail";
    await fc.assert(fc.asyncProperty(seq, seq, fc.boolean(), async (a, b, places) => {
      fc.pre(a !== b);
      const { fault } = await foundAfter(
        places
          ? [`UPDATE audit_log SET seq = -1 WHERE seq = ${a}`, `UPDATE audit_log SET seq = ${a} WHERE seq = ${b}`, `UPDATE audit_log SET seq = ${b} WHERE seq = -1`]
          : [`CREATE TEMP TABLE held ON COMMIT DROP AS SELECT * FROM audit_log`, ...[[a, b], [b, a]].map(([to, from]) => `UPDATE audit_log SET (${content}) = (SELECT ${content} FROM held WHERE seq = ${from}) WHERE seq = ${to}`)],
      );
      expect(fault).toMatchObject({ seq: Math.min(a, b), what: "altered" });
    }), { numRuns: 60 });
  });

  it("is found with a row inserted anywhere, also where the database no longer keeps places unique", async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: ROWS + 1 }), fc.boolean(), async (place, makesRoom) => {
      const { fault } = await foundAfter(["ALTER TABLE audit_log DROP CONSTRAINT audit_log_seq_unique", ...(makesRoom ? [`UPDATE audit_log SET seq = seq + 1 WHERE seq >= ${place}`] : []), insert(place)]);
      expect(fault).not.toBeNull();
      expect([place, place + 1]).toContain(fault?.seq);
    }), { numRuns: 60 });
    for (const hidden of [0, -1, -(2n ** 63n)]) expect((await foundAfter([insert(String(hidden))], published)).fault).toMatchObject({ what: "inserted" });
  });

  it("is found with its tail cut off, together with its own heads once one was published", async () => {
    await fc.assert(fc.asyncProperty(seq, async (from) => {
      const rows = `DELETE FROM audit_log WHERE seq >= ${from}`;
      expect((await foundAfter([rows])).fault).toEqual({ seq: from, id: null, what: "truncated" });
      const both = [rows, `DELETE FROM seal_heads WHERE seq >= ${from}`];
      expect((await foundAfter(both, published)).fault).toEqual({ seq: from, id: null, what: "truncated" });
    }), { numRuns: 40 });
  });

  it("is found when heads are edited or deleted", async () => {
    expect((await foundAfter(["UPDATE seal_heads SET hash = repeat('0', 64) WHERE seq = 10"])).fault).toEqual({ seq: 10, id: null, what: "head forged" });
    expect((await foundAfter(["UPDATE seal_heads SET at = at + interval '1 second' WHERE seq = 10"])).fault).toEqual({ seq: 10, id: null, what: "head forged" });
    expect((await foundAfter(["DELETE FROM seal_heads WHERE seq = 10"])).fault).toEqual({ seq: 6, id: null, what: "head missing" });
    expect((await foundAfter(["DELETE FROM seal_heads WHERE seq = 24"])).fault).toEqual({ seq: 21, id: null, what: "head missing" });
    expect((await foundAfter([], [{ ...published[0]!, seq: 4 }])).fault).toEqual({ seq: 4, id: null, what: "head forged" });
  });

  it("is found when written anew with matching hashes, even with the signing key, by a head that was published", async () => {
    const ctx = database.ctx();
    const other = signingKey(randomBytes(32));
    const verdicts: (AuditVerdict | undefined)[] = [];
    for (const by of [other, key]) {
      await inTransaction(ctx, async (tx) => {
        await change(tx, "SET LOCAL session_replication_role = replica");
        await change(tx, "UPDATE audit_log SET actor_name = 'Eve' WHERE seq = 12");
        await change(tx, "UPDATE audit_log SET seq = NULL, hash = NULL");
        await change(tx, "DELETE FROM seal_heads");
        await sealAudit(tx, { key: by });
        verdicts.push(await verifyAudit(tx, key), await verifyAudit(tx, key, published));
        throw new Error("undone");
      }).catch(() => undefined);
    }
    expect(verdicts.map((verdict) => verdict?.fault?.what)).toEqual(["head forged", "head forged", undefined, "head contradicts"]);
    expect(verdicts[2]?.anchoredTo).toBeNull();
  });

  it("is not sealed further", async () => {
    const tampered = inTransaction(database.ctx(), async (tx) => {
      await change(tx, "SET LOCAL session_replication_role = replica");
      await change(tx, "DELETE FROM audit_log WHERE seq > 20");
      await write(tx, "more");
      await sealAudit(tx, { key });
    });
    await expect(tampered).rejects.toMatchObject({ name: "Conflict", message: "The audit trail does not end where it was sealed last." });
  });
});
