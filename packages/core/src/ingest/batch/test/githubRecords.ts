import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonRecord } from "../../../sources/index.ts";

/** Files of real records, by source: one record a line, under `log`. */
const FILES = { "github.audit": "github-audit/panther/GitHub.Audit.jsonl", "github.webhook": "github-webhook/panther/GitHub.Webhook.jsonl" } as const;

/** The real records of a source in the folder with samples, in the order of their file. */
export function githubRecords(samples: string, source: keyof typeof FILES): JsonRecord[] {
  const lines = readFileSync(join(samples, FILES[source]), "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { log: JsonRecord }).log);
}
