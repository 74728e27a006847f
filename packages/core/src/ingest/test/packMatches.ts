import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { testRules } from "../ruleTests.ts";

/** Titles of the rules of a built-in pack that match each of these events, by the event's name; events without a match are left out. */
export async function packMatches(pack: string, events: Readonly<Record<string, unknown>>): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-pack-"));
  try {
    // Tests that no rule matches anything: whatever fails is a match.
    const tests = Object.entries(events).map(([name, event]) => ({ name, match: false, event }));
    const home = fileURLToPath(new URL(`../../../../../content/rules/${pack}`, import.meta.url));
    for (const name of readdirSync(home, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".yml") && !each.endsWith(".test.yml"))) {
      copyFileSync(join(home, name), join(folder, basename(name)));
      writeFileSync(join(folder, basename(name).replace(/yml$/, "test.yml")), JSON.stringify({ tests }));
    }
    const matches: Record<string, string[]> = {};
    for (const { test, rule } of (await testRules([folder])).failures) (matches[test] ??= []).push(rule.title);
    return matches;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
