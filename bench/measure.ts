import { spawn } from "node:child_process";
import { TreeWatch } from "./processTree.ts";

/** One run of a program with all the processes it started. */
export interface Measured {
  stdout: string;
  /** From the start of the process to its end. */
  seconds: number;
  /** Null on systems without /proc: memory and processor time are not measured there. */
  peakBytes: number | null;
  cpuSeconds: number | null;
}

const SAMPLE_EVERY_MS = 50;

/**
 * Runs a Node program to its end and watches its processes.
 * @param program path of the program, then its arguments
 * @throws Error with what the program said when its exit code is not 0
 */
export async function measure(program: readonly string[]): Promise<Measured> {
  const began = performance.now();
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "pipe"] });
  const watch = process.platform === "linux" && child.pid !== undefined ? new TreeWatch(child.pid) : null;
  const timer = watch && setInterval(() => watch.sample(), SAMPLE_EVERY_MS);
  // Whoever ends the benchmark ends what it started.
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
  try {
    let seconds = 0;
    child.once("exit", () => (seconds = (performance.now() - began) / 1000));
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (...how) => resolve(how));
    });
    if (code !== 0) throw new Error(`${program.join(" ")} ended with ${signal ?? `exit code ${code}`}\n${stderr}`);
    return { stdout, seconds, peakBytes: watch?.peakBytes ?? null, cpuSeconds: watch?.cpuSeconds ?? null };
  } finally {
    process.off("exit", stop);
    if (timer) clearInterval(timer);
  }
}
