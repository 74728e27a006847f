import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Sent, SenderOptions } from "./sender.ts";

/** Runs the sender in a process of its own. */
export async function send(options: SenderOptions): Promise<Sent> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../tools/run-ts.mjs", import.meta.url)), fileURLToPath(new URL("senderProcess.ts", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  child.stdin.end(JSON.stringify(options));
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const said = await text(child.stdout);
  if ((await ended) !== 0) throw new Error("the sender has failed");
  process.off("exit", stop);
  return JSON.parse(said) as Sent;
}
