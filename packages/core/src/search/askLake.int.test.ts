import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAudit, type AuditRow } from "../identity/index.ts";
import { openServiceLake, type ServiceLake } from "../lake/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { askLake } from "./askLake.ts";
import { sampleViews } from "./test/sample-lake.ts";

const childEntry = fileURLToPath(new URL("../../../cli/dist/query-child.mjs", import.meta.url));
const TOKEN = `cdy_${"0123456789abcdef".repeat(5)}`;
const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), "corduroy-asked-"));
let lake: ServiceLake;

beforeAll(async () => {
  // As the data folder of a service is: queries run as another user.
  chmodSync(folder, 0o711);
  lake = await openServiceLake(database.ctx(), join(folder, "lake"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Newest last. */
const trail = async (): Promise<AuditRow[]> => (await listAudit(database.ctx(), { action: "lake.query" }, { limit: 200 })).items.toReversed();
const ask = (sql: string, output = new PassThrough().resume(), signal?: AbortSignal) =>
  askLake(database.ctx(), lake, { sql, maxRows: 10, seconds: 60, action: "lake.query" }, { childEntry, views: sampleViews, format: "lines", output, ...(signal && { signal }) });

describe("a question to the lake of a service", () => {
  it.each([
    ["a token", `select 1 as one -- ${TOKEN}`],
    ["a token across the place where SQL is cut", `select 1 as one -- ${"x".repeat(3_990 - 17)}${TOKEN}`],
    ["line feeds, which take more in the row", `select 1 as one ${"\n".repeat(4_000)}`],
    ["letters of three bytes", `select 1 as one -- ${"日".repeat(4_000)}`],
    ["quotes", `select 1 as one -- ${'"'.repeat(90_000)}`],
  ])("is in the audit with %s in it, and how it ended", async (_, sql) => {
    const before = (await trail()).length;
    await ask(sql);
    const rows = (await trail()).slice(before);
    expect(rows).toMatchObject([
      { outcome: "begun", detail: { sql: expect.stringMatching(/^select 1 as one/) as string, characters: sql.length } },
      { outcome: "done", detail: { question: rows[0]!.detail["question"], rows: 1, more: false, milliseconds: expect.any(Number) as number } },
    ]);
    expect(JSON.stringify(rows)).not.toContain("cdy_0");
  });

  it("is there before its first row goes out", async () => {
    const before = (await trail()).length;
    const output = new PassThrough();
    const seen = new Promise<AuditRow[]>((resolve, reject) => output.once("data", () => void trail().then(resolve, reject)));
    await ask("select range from range(5)", output);
    expect((await seen)[before]).toMatchObject({ outcome: "begun" });
  });

  it("tells why it failed, without the place in the SQL, which may show a part of a token", async () => {
    await expect(ask(`select nothing_such, '${TOKEN}'`)).rejects.toThrow("nothing_such");
    const row = (await trail()).at(-1);
    expect(row).toMatchObject({ outcome: "failed", detail: { why: expect.stringContaining("nothing_such") as string } });
    expect(JSON.stringify(row)).not.toMatch(/LINE 1|abcdef0/);
    await expect(ask(`select error('${TOKEN}')`)).rejects.toThrow();
    expect((await trail()).at(-1)).toMatchObject({ outcome: "failed", detail: { why: expect.stringContaining("cdy_…") as string } });
    await expect(ask("select 1", undefined, AbortSignal.abort())).rejects.toThrow();
    expect((await trail()).at(-1)).toMatchObject({ outcome: "failed", detail: { why: "The query was cancelled." } });
  });

  it("is not asked when it cannot be written down", async () => {
    const output = new PassThrough();
    await database.pool.query("ALTER TABLE audit_log RENAME TO away");
    await expect(ask("select 1 as one", output)).rejects.toThrow();
    await database.pool.query("ALTER TABLE away RENAME TO audit_log");
    expect(String(output.read())).toBe("null");
  });
});
