import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../test/runProgram.ts";

const page = readFileSync(new URL("../../../../docs/sources/app.event.md", import.meta.url), "utf8");
const snippets = [...page.matchAll(/^```(\w+)\n(?:(?:\/\/|#) (\S+)\n)?(.*?)^```$/gms)].map(([, language, name, text]) => ({ language: language!, name, text: text! }));
const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "corduroy-envelope-"));
  symlinkSync(modules, join(folder, "node_modules"));
  for (const { name, text } of snippets) if (name !== undefined) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and holds it against the envelope. */
function check(text: string, ...options: string[]): ReturnType<typeof runProgram> & { file: string } {
  const file = join(folder, "events.ndjson");
  writeFileSync(file, text);
  return { ...runProgram("envelope", "check", file, ...options), file };
}

const GOOD = { time: "2024-05-14T09:30:00Z", type: "login.failed", logger: "auth", severity: "info" };
const lines = (...events: unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

describe("corduroy envelope check", () => {
  it("has nothing to say of good events, wrapped ones and those in Mozilla's envelope", () => {
    const mozilla = { EnvVersion: "2.0", Type: "x", Logger: "y", Timestamp: 1 };
    const { status, stdout } = check(lines(GOOD, { insertId: "a", jsonPayload: GOOD }, mozilla));
    expect({ status, stdout }).toEqual({ status: 0, stdout: "3 records, 3 ok, 0 problems\n" });
  });

  it("tells every problem with its line and what to do", () => {
    const { status, stdout, file } = check(`${lines(GOOD, { ...GOOD, severity: "WARN", user: "ines" })}nonsense\n`);
    expect(status).toBe(1);
    expect(stdout).toContain(`${file}:2: The envelope has no "user".\n  Put it into "fields".\n`);
    expect(stdout).toContain(`${file}:2: "severity" is not what it should be.\n  How bad it is: one of debug, info, notice, warning, error, critical. Such as: "info"\n`);
    expect(stdout).toContain(`${file}:3: This is no JSON object.\n`);
    expect(stdout).toMatch(/3 records, 1 ok, 3 problems\n$/);
  });

  it("prints the JSON that other tools rely on", () => {
    const { status, stdout, file } = check(lines({ ...GOOD, time: "14.5.2024" }), "--format", "json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ records: 1, ok: 0, found: 1, problems: [{ file, line: 1, pointer: "/time", message: '"time" is not what it should be.', hint: 'When it happened: RFC 3339, with Z or an offset. Such as: "2024-05-14T09:30:00.250Z"' }] });
  });

  it("writes control characters of a hostile event out", () => {
    const { stdout } = check(lines({ ...GOOD, "\u001b[31mx": 1 }));
    expect(stdout).not.toContain("\u001b");
  });

  it("ends with 2 and a sentence when there is nothing to check", () => {
    expect(check("")).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("There is no record in ") as string });
    expect(runProgram("envelope", "check", join(folder, "nowhere.ndjson"))).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("There is no such file or folder.") as string });
  });
});

describe("what the page shows", () => {
  it("is run by this test, whole", () => {
    expect(snippets.map(({ language, name }) => name ?? language)).toEqual(["json", "corduroyPino.mjs", "pinoExample.mjs", "corduroyWinston.mjs", "winstonExample.mjs", "corduroy_logging.py", "example.py"]);
  });

  it("is an event of the envelope", () => expect(check(`${JSON.stringify(JSON.parse(snippets[0]!.text))}\n`)).toMatchObject({ status: 0 }));

  const writesTheEnvelope = (program: string, file: string): void => {
    const { stdout, stderr } = spawnSync(program, [file], { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(check(stdout)).toMatchObject({ status: 0, stdout: "3 records, 3 ok, 0 problems\n" });
    const about = { logger: "auth", service: "checkout", environment: "production" };
    expect(stdout.trim().split("\n").map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { ...about, type: "login.failed", severity: "warning", actor: { id: "u-1009", email: "ines@corp.example" }, source_address: "203.0.113.24", outcome: "failure", reason: "wrong password", message: "The password was wrong.", fields: { attempt: 3 } },
      { ...about, type: "payment.error", severity: "error", message: "The bank did not answer.", fields: {} },
      { ...about, type: "log", severity: "info", message: "Ready." },
    ]);
    expect(stdout).toContain("no answer");
  };

  it("writes the envelope: Pino", () => writesTheEnvelope(process.execPath, "pinoExample.mjs"));
  it("writes the envelope: Winston", () => writesTheEnvelope(process.execPath, "winstonExample.mjs"));
  it.skipIf(spawnSync("python3", ["--version"]).status !== 0)("writes the envelope: Python, where there is a python3", () => writesTheEnvelope("python3", "example.py"));
});
