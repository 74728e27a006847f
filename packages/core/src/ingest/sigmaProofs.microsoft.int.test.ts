import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRules } from "../detect/index.ts";
import type { JsonRecord } from "../sources/index.ts";
import { scan } from "./scan.ts";

/** A rule of Sigma, and the event that makes it fire, or why there is none. */
interface Proof {
  rule: string;
  /** `real: <file> <line>`, or `documented: <where>`. */
  from?: string;
  event?: JsonRecord;
  unproven?: string;
}

const samples = process.env.CORDUROY_SAMPLES;
const proofs = JSON.parse(readFileSync(new URL("../../../../content/sigma-proofs/azure.json", import.meta.url), "utf8")) as Proof[];
const proven = proofs.filter(({ unproven }) => unproven === undefined);
const workerEntry = fileURLToPath(new URL("../../../cli/dist/worker.mjs", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "corduroy-proofs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line of a sample file, as its vendor wrote it. */
function realEvent(from: string): JsonRecord {
  const [, file, line] = /^real: (\S+) (\d+)$/.exec(from)!;
  const record = JSON.parse(readFileSync(join(samples!, file!), "utf8").split("\n")[Number(line) - 1]!) as JsonRecord;
  return (record["log"] ?? record) as JsonRecord;
}

describe.skipIf(!samples)("Sigma's rules for Azure", () => {
  const rulesFolder = samples ? join(samples, "sigma-rules/rules/cloud/azure") : "";
  /** Rules that fired, by the text of the event. */
  const fired = new Map<string, Set<string>>();
  const textOf = (proof: Proof): string => JSON.stringify(proof.event ?? realEvent(proof.from!));

  beforeAll(async () => {
    const { rules, problems } = await loadRules([rulesFolder]);
    expect(problems).toEqual([]);
    const events = [...new Set(proven.map(textOf))];
    const signals = join(folder, "signals.jsonl");
    writeFileSync(join(folder, "events.json"), events.map((text) => `${text}\n`).join(""));
    const { counts } = await scan({ inputs: [join(folder, "events.json")], source: null, rules, anyLogsource: false, keep: null, signals, workerEntry, workers: 1 });
    expect(counts).toMatchObject({ read: events.length, stored: events.length });
    for (const line of readFileSync(signals, "utf8").split("\n").filter((text) => text !== "")) {
      const signal = JSON.parse(line) as { rule_id: string; line: number };
      const text = events[signal.line - 1]!;
      fired.set(text, (fired.get(text) ?? new Set()).add(signal.rule_id));
    }
  });

  it("are all spoken of", () => {
    const known = readdirSync(rulesFolder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yml")).map((name) => /^id: (\S+)/m.exec(readFileSync(join(rulesFolder, name), "utf8"))![1]!);
    expect(proofs.map(({ rule }) => rule).sort()).toEqual(known.sort());
  });

  it.each(proven)("$rule fires for its event", (proof) => {
    expect([...(fired.get(textOf(proof)) ?? [])]).toContain(proof.rule);
  });
});
