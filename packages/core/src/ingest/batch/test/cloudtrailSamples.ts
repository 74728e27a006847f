import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonRecord } from "../../../sources/index.ts";

/** One record of the sample files: where it is from, and its text as a reader would hand it over. */
export interface SampleRecord {
  file: string;
  record: JsonRecord;
}

/** Every record below a folder: documents with `Records`, arrays and lines. */
export function sampleRecords(folder: string): SampleRecord[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(json|jsonl|log)$/.test(name) && !name.endsWith("LABELS.json"))
    .sort()
    .flatMap((file) => recordsOf(readFileSync(join(folder, file), "utf8")).map((record) => ({ file, record })));
}

/** The records of a file's text. */
export function recordsOf(text: string): JsonRecord[] {
  try {
    const whole = JSON.parse(text) as JsonRecord & { Records?: JsonRecord[] };
    return Array.isArray(whole) ? (whole as JsonRecord[]) : (whole.Records ?? [whole]);
  } catch {
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as JsonRecord);
  }
}
