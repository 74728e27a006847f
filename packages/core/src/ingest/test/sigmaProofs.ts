import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  /** Titles of rules that did not fire on the event of their proof, or fired on the ordinary one. */
  wrong: string[];
  fired: number;
}

/** What else is asked of each rule. */
export interface ProofCase {
  /** An event like that of the proof on which the rule must not fire. */
  ordinary?: (event: JsonRecord) => JsonRecord;
  /** The rule in another spelling. */
  spelled?: (rule: string) => string;
}

/**
 * Asks each proven rule about its event on the road that a scan takes, with the mapping of the source that the event is of.
 * @param of the sources that the rules are for
 * @param records the folder with the real records
 */
export async function runProofs(of: readonly SourceDefinition[], proofs: readonly SigmaProof[], ruleFolder: string, records: string, { ordinary, spelled = (rule) => rule }: ProofCase = {}): Promise<ProofReport> {
  const { rules } = await loadRules([ruleFolder]);
  const byId = new Map(rules.map((rule) => [rule.summary.id, rule]));
  const named = new Set(proofs.map(({ rule }) => rule));
  const folder = mkdtempSync(join(tmpdir(), "corduroy-proofs-"));
  try {
    for (const proof of proofs) {
      const rule = byId.get(proof.rule);
      if (!rule || proof.unproven !== undefined) continue;
      const stem = basename(rule.file, ".yml");
      const event = proof.event ?? realEvent(of[0]!, proof.from ?? "", records);
      const tests = [{ name: "the proof", match: true, event }, ...(ordinary && typeof event === "object" ? [{ name: "an ordinary event", match: false, event: ordinary(event) }] : [])];
      writeFileSync(join(folder, `${stem}.yml`), spelled(readFileSync(rule.file, "utf8")));
      writeFileSync(join(folder, `${stem}.test.yml`), JSON.stringify({ tests }));
    }
    const { passed, failures } = await testRules([folder]);
    return {
      unmatched: [...[...byId.keys()].filter((id) => !named.has(id)), ...[...named].filter((id) => !byId.has(id))],
      elsewhere: rules.filter((rule) => !of.some((source) => isFor(rule, source))).map((rule) => rule.summary.title),
      wrong: failures.map(({ rule, test }) => `${rule.title}: ${test}`),
      fired: ordinary ? passed / 2 : passed,
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
