import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isFor, loadRules } from "../../detect/index.ts";
import type { JsonRecord, SourceDefinition } from "../../sources/index.ts";
import { recordsOf } from "../batch/test/cloudtrailSamples.ts";
import { textEvents } from "../batch/test/textEvents.ts";
import { testRules } from "../ruleTests.ts";

/** A public Sigma rule and an event that makes it fire, or why there is none. */
export interface SigmaProof {
  rule: string;
  /** `real: <file> <record number>` of the sample files, or `documented: …` with the event beside it. */
  from?: string;
  event?: JsonRecord | string;
  unproven?: string;
}

/** What a file of proofs shows of the rules below a folder. */
export interface ProofReport {
  /** Ids of rules that the proofs do not name, or that are named and do not exist. */
  unmatched: string[];
  /** Titles of rules whose log source is none of the sources'. */
  elsewhere: string[];
  /** Titles of rules that did not fire on the event of their proof. */
  silent: string[];
  fired: number;
}

/**
 * Asks each proven rule about its event on the road that a scan takes, with the mapping of the source that the event is of.
 * @param of the source, or sources, that the rules are for
 * @param records the folder with the real records
 */
export async function runProofs(of: SourceDefinition | readonly SourceDefinition[], proofs: readonly SigmaProof[], ruleFolder: string, records: string): Promise<ProofReport> {
  const { rules } = await loadRules([ruleFolder]);
  const byId = new Map(rules.map((rule) => [rule.summary.id, rule]));
  const named = new Set(proofs.map(({ rule }) => rule));
  const folder = mkdtempSync(join(tmpdir(), "corduroy-proofs-"));
  try {
    for (const proof of proofs) {
      const rule = byId.get(proof.rule);
      if (!rule || proof.unproven !== undefined) continue;
      const stem = basename(rule.file, ".yml");
      copyFileSync(rule.file, join(folder, `${stem}.yml`));
      writeFileSync(join(folder, `${stem}.test.yml`), JSON.stringify({ tests: [{ name: "the proof", match: true, event: proof.event ?? realEvent([of].flat()[0]!, proof.from ?? "", records) }] }));
    }
    const { passed, failures } = await testRules([folder]);
    return {
      unmatched: [...[...byId.keys()].filter((id) => !named.has(id)), ...[...named].filter((id) => !byId.has(id))],
      elsewhere: rules.filter((rule) => ![of].flat().some((source) => isFor(rule, source))).map((rule) => rule.summary.title),
      silent: failures.map(({ rule }) => rule.title),
      fired: passed,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function realEvent(source: SourceDefinition, from: string, records: string): JsonRecord | string {
  const [, file, number] = /^real: (\S+) (\d+)$/.exec(from) ?? [];
  if (file === undefined) throw new Error(`no such record: ${from}`);
  const text = source.text === null ? undefined : textEvents(source, join(records, file))[Number(number) - 1];
  if (text !== undefined) return text;
  const record = recordsOf(readFileSync(join(records, file), "utf8"))[Number(number) - 1];
  if (!record) throw new Error(`no such record: ${from}`);
  return (record["log"] ?? record) as JsonRecord;
}

/** The proofs for a product. */
export function proofsOf(product: string): SigmaProof[] {
  return JSON.parse(readFileSync(new URL(`../../../../../content/sigma-proofs/${product}.json`, import.meta.url), "utf8")) as SigmaProof[];
}
