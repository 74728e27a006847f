import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Unavailable } from "../kernel/index.ts";
import { startClock } from "./clock.ts";
import { explainFailure } from "./failure.ts";
import { dropPrivileges } from "./privileges.ts";
import type { QueryNews, QueryRequest } from "./protocol.ts";
import { runQuery } from "./run-query.ts";

const HEARTBEAT_MS = 1_000;
const MEMORY_CHECK_MS = 50;
/** What Node and the engine need beside the memory that the engine counts. */
const BESIDE_MB = 512;

/**
 * The whole life of the process that runs one query: reads the request from standard input, writes rows to standard output, news
 * to the IPC channel, and ends; at once, too, when its parent has gone.
 */
export async function runQueryChild(): Promise<void> {
  const request = JSON.parse(await text(process.stdin)) as QueryRequest;
  const { limits, temporary } = request;
  process.chdir(temporary);
  endAtOnce();
  process.on("disconnect", () => {
    for (const name of readdirSync(temporary)) rmSync(join(temporary, name), { recursive: true, force: true });
    process.exit(1);
  });
  // The reader of the rows may stop early; the parent knows.
  process.stdout.on("error", () => process.exit(1));
  setInterval(() => void tell({ type: "alive" }), HEARTBEAT_MS);

  dieFirst();
  try {
    dropPrivileges([request.folder, ...request.views.flatMap((view) => view.files.map(({ path }) => path))], temporary, request.mayStayRoot);
  } catch (error) {
    return await fail(explainFailure(error, request, false));
  }
  const clock = startClock(limits.seconds, () => void fail(explainFailure(undefined, request, true)));
  // The engine does not count all it allocates: one text of 10 GB is made in one go.
  const tooMuch = new Unavailable(`The query was stopped: it needs more than ${limits.memoryMb} MB of memory.`, { hint: "Group or filter earlier, or ask for fewer days." });
  setInterval(() => {
    if (process.memoryUsage.rss() > (limits.memoryMb + BESIDE_MB) * 1_048_576) void fail(explainFailure(tooMuch, request, false));
  }, MEMORY_CHECK_MS);
  try {
    const { rows, more } = await runQuery(request, process.stdout, clock.timed);
    await new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
    await tell({ type: "done", rows, more });
    process.exit(0);
  } catch (error) {
    await fail(explainFailure(error, request, clock.isOver()));
  }
}

async function fail(news: QueryNews): Promise<void> {
  await tell(news);
  process.exit(1);
}

/** Makes every failure an immediate end: Node would first join the engine's threads, which may go on for hours or fill the memory. */
function endAtOnce(): void {
  process.on("exit", (code) => {
    if (code !== 0) process.kill(process.pid, "SIGKILL");
  });
}

/** Should memory run out all the same, the system is to end this process and no other. Only Linux knows this. */
function dieFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // The other limits hold without it.
  }
}

function tell(news: QueryNews): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error("This program is started by corduroy query.");
    process.send(news, () => resolve());
  });
}
