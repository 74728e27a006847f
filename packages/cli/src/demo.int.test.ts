import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { estate } from "@corduroy/estate";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram, type Ended } from "../test/runProgram.ts";

/** A name that a shell would take apart. */
const folder = join(mkdtempSync(join(tmpdir(), "demo-")), "it's here");
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

describe("corduroy demo", () => {
  const ended: { demo?: Ended } = {};
  const demo = (): Ended => (ended.demo ??= runProgram("demo", "--folder", folder, "--seed", "7"));
  const { accessKeyId } = estate({ seed: 7, day: "2026-11-18", events: 0, breach: true }).breach!;

  it("names the leaked key first", () => {
    const { status, stdout } = demo();
    const first = stdout.slice(stdout.indexOf("Look first"), stdout.indexOf("\n2  "));
    expect(first).toContain(`key ${accessKeyId}`);
    expect(stdout).toMatch(/[\d,]+ read = [\d,]+ stored \+ [\d,]+ duplicate \+ 0 dead/);
    expect(status).toBe(0);
  });

  it("writes a report and says where it is", () => {
    const report = join(folder, "report.html");
    expect(demo().stdout).toContain(`  ${report}\n  ${pathToFileURL(report).href}\n`);
    expect(readFileSync(report, "utf8")).toContain(accessKeyId);
  });

  it("proposes commands that a shell takes as they are meant", () => {
    const quoted = `'${folder.replace("'", String.raw`'\''`)}`;
    expect(demo().stdout).toContain(`  ./corduroy scan ${quoted}/AWSLogs' --keep ${quoted}/lake'\n`);
    expect(existsSync(join(folder, "AWSLogs"))).toBe(true);
  });

  it("writes neither colours nor a progress bar into a pipe", () => {
    const { stdout, stderr } = demo();
    expect(`${stdout}${stderr}`).not.toMatch(/[\u{1b}\r]/u);
    expect(stderr.split("\n").filter((line) => line !== "")).toHaveLength(2);
  });

  it("does not mix its logs with others", () => {
    demo();
    const { status, stderr } = runProgram("demo", "--folder", folder, "--seed", "8");
    expect(stderr).toContain("There are logs in ");
    expect(status).toBe(2);
  });
});
