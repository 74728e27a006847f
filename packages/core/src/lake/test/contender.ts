/** `node contender.mjs FOLDER TURNS`: takes the lock again and again; notes each turn in a log that shows whether two held it at once. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Conflict } from "../../kernel/index.ts";
import { takeLock } from "../lock.ts";

const [folder = "", turns = "1", dies = "no"] = process.argv.slice(2);
let left = Number(turns);
while (left > 0) {
  try {
    const lock = await takeLock(join(folder, "lock"));
    appendFileSync(join(folder, "turns"), `take ${process.pid}\n`);
    await new Promise(setImmediate);
    appendFileSync(join(folder, "turns"), `leave ${process.pid}\n`);
    if (--left === 0 && dies === "dies") process.kill(process.pid, "SIGKILL");
    await lock.release();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}
