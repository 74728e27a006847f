import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRules, planRules } from "@corduroy/core/detect";
import { sourceById } from "@corduroy/core/sources";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRules, occurringOperations, writeRules } from "./rules.ts";

const occurring = occurringOperations();

describe("occurringOperations", () => {
  it("knows the operations of the estate, each once", () => {
    expect(occurring).toContainEqual(["s3.amazonaws.com", "GetObject"]);
    expect(new Set(occurring.map(String)).size).toBe(occurring.length);
    expect(occurring.length).toBeGreaterThan(200);
  });
});

describe("makeRules", () => {
  let folder = "";
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "bench-rules-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("makes the same rules again", () => {
    expect(makeRules(70, occurring)).toEqual(makeRules(70, occurring));
  });

  it("makes rules that all compile, with the shares it promises", async () => {
    const count = 300;
    const { rules, problems } = await loadRules([writeRules(join(folder, "rules"), makeRules(count, occurring))]);
    expect(problems).toEqual([]);
    expect(rules).toHaveLength(count);

    const plan = planRules(sourceById("aws.cloudtrail")!, rules);
    expect(plan.keyless).toHaveLength(count * 0.05);
    const known = new Set(occurring.map(([, name]) => name.toLowerCase()));
    const onKnown = new Set([...plan.keyed].filter(([key]) => (JSON.parse(key) as (string | null)[]).some((value) => value !== null && known.has(value))).flatMap(([, asked]) => asked));
    expect(onKnown.size).toBe(count * 0.2);
  });
});
