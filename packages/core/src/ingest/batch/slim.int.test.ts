import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadRules } from "../../detect/index.ts";
import { sourceById } from "../../sources/index.ts";
import type { BatchResult } from "../messages.ts";
import { Batcher } from "./batcher.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-slim-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = sourceById("web.access")!;
const LINES = [
  '192.0.2.1 - anna [14/May/2024:09:30:00 +0200] "GET /login HTTP/1.1" 200 12 "-" "curl/8.4.0"',
  '192.0.2.2 - - [14/May/2024:09:30:01 +0200] "GET /.env HTTP/1.1" 404 12 "https://www.example.com/" "scanner \\"x\\""',
  "no line of a web server",
  '192.0.2.2 - - [15/May/2024:23:59:59 +0000] "GET /.env?a=b HTTP/1.1" 200 99 "-" "scanner"',
  '192.0.2.3 - - [15/May/2024:10:00:00 +0000] "POST / HTTP/1.1" 500 - "-" "-"',
];

async function workOff(keep: boolean): Promise<BatchResult> {
  const at = join(folder, String(keep));
  mkdirSync(join(at, "staging"), { recursive: true });
  const rules = join(folder, "rules");
  mkdirSync(rules, { recursive: true });
  writeFileSync(
    join(rules, "env.yml"),
    "title: Env\nid: 9f5e9f0e-6a3f-4b9e-8a55-0d4a2f6f1b11\nstatus: test\nlogsource: { category: webserver }\ndetection: { sel: { cs-uri-stem: /.env }, condition: sel }\nlevel: high\n",
  );
  const loaded = await loadRules([rules]);
  expect(loaded.problems).toEqual([]);
  const batcher = await Batcher.create(source, { rules: [...loaded.rules], anyLogsource: false, source: source.id, keep, staging: join(at, "staging"), temporary: at, signals: false });
  const buffer = Buffer.from(LINES.join("\n"));
  batcher.addLines({ buffer, start: 0, end: buffer.length, no: 1, count: LINES.length, separator: "\n" }, { location: "access.log", version: "1", modified: 0, labelled: true, header: null });
  const { result } = await batcher.flush(async () => ({ rows: [], files: [] }), null);
  batcher.close();
  return result;
}

it("finds the same, with the same samples and sums, whether events are kept or not", async () => {
  const [kept, slim] = [await workOff(true), await workOff(false)];
  const { counts, groups, totals, dead, signals } = slim;
  expect({ counts, groups, totals, dead, signals }).toEqual({ counts: kept.counts, groups: kept.groups, totals: kept.totals, dead: kept.dead, signals: kept.signals });
  expect(groups.flatMap(({ samples }) => samples.map(({ raw, resource, outcome, line }) => ({ raw, resource, outcome, line })))).toEqual([
    { raw: LINES[1], resource: "/.env", outcome: "404", line: 2 },
    { raw: LINES[3], resource: "/.env", outcome: "success", line: 4 },
  ]);
  expect(slim.parts).toEqual([]);
});
