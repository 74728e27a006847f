import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadRules } from "../detect/index.ts";
import { recognise, type JsonRecord } from "../sources/index.ts";
import { githubRecords } from "./batch/test/githubRecords.ts";
import { testRules } from "./ruleTests.ts";

const samples = process.env.CORDUROY_SAMPLES;

/** A Sigma rule, and the event that makes it fire: written out where the vendor documents it, else a real record by its number. */
interface Proof {
  rule: string;
  from: string;
  event?: JsonRecord;
}

const proofs = JSON.parse(readFileSync(new URL("../../../../content/sigma-proofs/github.json", import.meta.url), "utf8")) as Proof[];

const folder = mkdtempSync(join(tmpdir(), "corduroy-proofs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!samples)("Sigma's rules for GitHub", () => {
  const records = samples ? githubRecords(samples, "github.audit") : [];
  const eventOf = ({ event, from }: Proof): JsonRecord => event ?? records[Number(/^real: \S+ (\d+)$/.exec(from)![1]) - 1]!;

  it("fire on events that GitHub writes, each of them", async () => {
    const { rules, problems } = await loadRules([join(samples!, "sigma-rules/rules/application/github/audit")]);
    expect(problems).toEqual([]);
    expect(proofs.map(({ rule }) => rule).sort()).toEqual(rules.map(({ summary }) => summary.id).sort());
    const files = new Map(rules.map(({ summary, file }) => [summary.id, file]));
    for (const proof of proofs) {
      const event = eventOf(proof);
      expect({ from: proof.from, source: recognise(event).source.id }).toEqual({ from: proof.from, source: "github.audit" });
      copyFileSync(files.get(proof.rule)!, join(folder, `${proof.rule}.yml`));
      const tests = [{ name: proof.from, match: true, event }, { name: "something else", match: false, event: { ...event, action: "org.rename" } }];
      writeFileSync(join(folder, `${proof.rule}.test.yml`), stringify({ tests }));
    }
    expect(await testRules([folder])).toEqual({ rules: 15, passed: 30, failures: [], problems: [] });
  });
});
