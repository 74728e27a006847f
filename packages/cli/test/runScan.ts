import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "@corduroy/core/findings";
import type { Counts } from "@corduroy/core/lake";

const program = fileURLToPath(new URL("../bin/corduroy.mjs", import.meta.url));

/** One line of `--signals`. */
export interface SignalLine {
  rule_id: string;
  event_uid: string;
  time: string;
  file: string;
  line: number;
}

export interface Scanned {
  /** What `--format json` prints, as far as tests look at it. */
  report: { events: Counts; signals: number; findings: Finding[] };
  signals: SignalLine[];
}

/**
 * Runs `corduroy scan` as a user does.
 * @param scratch a folder for the signals file, used by no other run
 */
export async function runScan(inputs: readonly string[], scratch: string, options: readonly string[] = []): Promise<Scanned> {
  const file = join(scratch, "signals.ndjson");
  const stdout = await printed(["scan", ...inputs, "--workers", "1", "--format", "json", "--signals", file, "--fail-on", "never", ...options]);
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
  return { report: JSON.parse(stdout) as Scanned["report"], signals: lines.map((line) => JSON.parse(line) as SignalLine) };
}

/** @throws Error with what the program said, when it ends with anything but 0 */
function printed(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`corduroy ${args.join(" ")}: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
