import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ended } from "./runProgram.ts";

const program = fileURLToPath(new URL("../bin/corduroy.mjs", import.meta.url));

/** A program under way. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** What it has printed so far, on both streams. */
  printed(): string;
  /** Resolves once the program has printed this, on either stream. @throws Error when it ends without */
  prints(text: string | RegExp): Promise<void>;
}

/** Starts `corduroy` beside the test, which may be running the service that the program asks. */
export function startProgram(args: readonly string[], { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {}): Running {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env }, stdio: "pipe" });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
  const prints = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === "string" ? (stdout + stderr).includes(text) : text.test(stdout + stderr)) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      look();
      void ended.then(() => {
        look();
        reject(new Error(`it ended without printing ${String(text)}:\n${stdout}${stderr}`));
      });
    });
  return { child, ended, prints, printed: () => stdout + stderr };
}

/** Runs `corduroy` to its end, beside the test. */
export function runBeside(args: readonly string[], options: Parameters<typeof startProgram>[1] = {}): Promise<Ended> {
  return startProgram(args, options).ended;
}
