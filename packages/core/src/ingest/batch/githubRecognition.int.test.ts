import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planRules } from "../../detect/index.ts";
import { Engine } from "../../lake/index.ts";
import { recognise, sourceById, sources, type JsonRecord } from "../../sources/index.ts";
import { registerRecords } from "./records.ts";
import { Rows } from "./rows.ts";
import { batchSelect } from "./table.ts";

/** Records of others that look like GitHub's, and records of everybody. */
const OTHERS: Readonly<Record<string, JsonRecord>> = {
  "an application's own audit": { action: "user.login", actor: "anna", created_at: "2024-06-03T10:30:00Z", ip: "203.0.113.7" },
  "an application with organizations": { action: "invoice.create", actor: "anna", org: "corp", created_at: "2024-06-03T10:30:00Z" },
  "an action without a dot": { action: "login", actor: "anna", org: "corp", operation_type: "create", created_at: 1717410600000 },
  "an actor that is an object": { action: "user.signed_in", actor: { type: "user", id: "u1" }, org: "corp", operation_type: "create" },
  "Bitbucket's webhook": { actor: { nickname: "anna" }, repository: { full_name: "corp/app", type: "repository" }, push: { changes: [] }, ref: "x" },
  "GitLab's webhook": { object_kind: "push", ref: "refs/heads/main", repository: { full_name: "corp/app", name: "app" }, sender: { login: "x" } },
  "a repository's own description": { repository: { full_name: "corp/app" }, stars: 3 },
  "GitHub's public timeline": { id: "1", type: "PushEvent", actor: { login: "anna" }, repo: { name: "corp/app" }, payload: {} },
  "npm's hooks": { event: "package:publish", name: "app", hookOwner: { username: "anna" } },
};

const samplesOf = (id: string): JsonRecord[] => {
  const folder = new URL(`../../sources/${id}/samples/`, import.meta.url);
  return readdirSync(folder).map((name) => (JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { record: JsonRecord }).record);
};

/** Whether the records fit a source, as SQL finds. */
async function fitting(id: string, records: readonly JsonRecord[]): Promise<boolean[]> {
  const source = sourceById(id)!;
  const rows = new Rows(false);
  for (const [index, record] of records.entries()) {
    const buffer = Buffer.from(JSON.stringify(record));
    rows.add({ buffer, start: 0, end: buffer.length, no: index + 1 }, { location: "a", version: "1", modified: 0, labelled: false, header: null }, null);
  }
  const folder = mkdtempSync(join(tmpdir(), "corduroy-fits-"));
  const engine = await Engine.open(folder);
  try {
    await registerRecords(engine, rows);
    return (await engine.rowsOnce(`SELECT fits FROM (${batchSelect(source, planRules(source, []), null)}) ORDER BY record_no`)).map(([fits]) => fits as boolean);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(["github.audit", "github.webhook"])("telling %s", (id) => {
  const own = samplesOf(id);
  const others = sources.filter((source) => source.text === null && !["generic.json", id].includes(source.id)).flatMap((source) => samplesOf(source.id));

  it("leaves others alone", () => {
    for (const [name, record] of Object.entries(OTHERS)) expect({ name, source: recognise(record).source.id }).toEqual({ name, source: "generic.json" });
    expect(others.filter((record) => recognise(record).source.id === id)).toEqual([]);
  });

  it("fits in SQL what is recognised, and nothing of others", async () => {
    expect(await fitting(id, own)).toEqual(own.map(() => true));
    const strange = [...others, ...Object.values(OTHERS)];
    const found = await fitting(id, strange);
    expect(strange.filter((_, index) => found[index])).toEqual([]);
  });
});
