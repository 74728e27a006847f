import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadRules } from "../detect/index.ts";
import { recognise, type JsonRecord } from "../sources/index.ts";
import { testRules } from "./ruleTests.ts";

/** An event that makes a rule of SigmaHQ fire: one that a real record's file and line name, or one in the shape that Okta documents. */
interface Proof {
  rule: string;
  from: string;
  event?: JsonRecord;
}

const samples = process.env.CORDUROY_SAMPLES;
const proofs = JSON.parse(readFileSync(new URL("../../../../content/sigma-proofs/okta.json", import.meta.url), "utf8")) as Proof[];
const CAMEL_CASE = /(eventType|legacyEventType|displayMessage|actor\.alternateId|target\.displayName|securityContext\.isProxy|debugContext\.debugData\.\w+)(?=[|:])/g;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function eventOf({ from, event }: Proof): JsonRecord {
  if (event) return event;
  const [, file, line] = /^real: (\S+) (\d+)$/.exec(from)!;
  return (JSON.parse(readFileSync(join(samples!, file!), "utf8").split("\n")[Number(line) - 1]!) as { log: JsonRecord }).log;
}

describe.skipIf(!samples)("SigmaHQ's rules about Okta", () => {
  const rules = samples ? loadRules([join(samples, "sigma-rules/rules/identity/okta")]) : null;

  it("compile, and each has its proof", async () => {
    const { rules: loaded, problems } = (await rules)!;
    expect(problems).toEqual([]);
    expect(proofs.map(({ rule }) => rule).sort()).toEqual(loaded.map(({ summary }) => summary.id).sort());
  });

  it.each([
    { spelling: "as they are", spelled: (text: string) => text },
    { spelling: "in lower case, as they were until 2026", spelled: (text: string) => text.replaceAll(CAMEL_CASE, (name) => name.toLowerCase()) },
  ])("fire at events of Okta that are told without a label, and not at an ordinary sign-in: names $spelling", async ({ spelled }) => {
    const ordinary = { ...proofs.at(-1)!.event, securityContext: { isProxy: false } };
    const files = new Map((await rules)!.rules.map((rule) => [rule.summary.id, rule.file]));
    const folder = mkdtempSync(join(tmpdir(), "corduroy-proofs-"));
    folders.push(folder);
    for (const proof of proofs) {
      const event = eventOf(proof);
      expect(recognise(event).source.id).toBe("okta.system");
      writeFileSync(join(folder, `${proof.rule}.yml`), spelled(readFileSync(files.get(proof.rule)!, "utf8")));
      writeFileSync(join(folder, `${proof.rule}.test.yml`), stringify({ tests: [{ name: proof.from, match: true, event }, { name: "an ordinary sign-in", match: false, event: ordinary }] }));
    }
    expect(await testRules([folder])).toEqual({ rules: proofs.length, passed: 2 * proofs.length, failures: [], problems: [] });
  });
});
