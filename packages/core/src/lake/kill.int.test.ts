import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { NotFound } from "../kernel/index.ts";
import { bundleProgram } from "./test/bundle.ts";
import { checkRecovered, checkVisibleParts } from "./test/lake-check.ts";
import { seededRandom } from "./test/seeded-random.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const SECONDS = Number(process.env["CORDUROY_KILL_SECONDS"] ?? 6);
const SEED = Number(process.env["CORDUROY_KILL_SEED"] ?? Date.now() % 1_000_000);
const newFolder = temporaryFolders();
let writer: string;
let dyingWriter: string;

beforeAll(async () => {
  writer = await bundleProgram(await newFolder(), new URL("test/writer.ts", import.meta.url));
  dyingWriter = await bundleProgram(await newFolder(), new URL("test/writer.ts", import.meta.url), { "node:fs/promises": new URL("test/dying-files.ts", import.meta.url) });
});

/** Runs a writer until it ends, in whichever way. `onAcknowledged` sees each committed batch as soon as it is said. */
async function run(program: string, lake: string, first: number, count: number, dieAt: number, onAcknowledged?: (kill: () => void) => void) {
  const child = spawn(process.execPath, [program, lake, String(first), String(count)], { env: { ...process.env, DIE_AT: String(dieAt) }, stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: string[] = [];
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    acknowledged.push(line);
    onAcknowledged?.(() => child.kill("SIGKILL"));
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(complaint).toBe("");
  return { acknowledged, killed: signal === "SIGKILL" };
}

describe("a writer that is killed", () => {
  it("at any one of its file operations loses nothing and leaves nothing half done", async () => {
    const step = Number(process.env["CORDUROY_KILL_STEP"] ?? 9);
    let point = 1 + (SEED % step);
    for (let killed = true; killed; point += step) {
      const lake = join(await newFolder(), "lake");
      const first = await run(dyingWriter, lake, 3, 2, point);
      // The one that cleans up after it dies as well, at the next point, and the third one does it all.
      const second = await run(dyingWriter, lake, 8, 2, point + 1);
      await checkRecovered(lake, [...first.acknowledged, ...second.acknowledged]).catch((error: unknown) => {
        throw new Error(`killed before operation ${point}`, { cause: error });
      });
      ({ killed } = first);
    }
    expect(point).toBeGreaterThan(60);
  });

  it(`at random moments, with readers looking on (seed ${SEED})`, { timeout: (SECONDS + 60) * 1000 }, async () => {
    const random = seededRandom(SEED);
    const lake = join(await newFolder(), "lake");
    const acknowledged: string[] = [];
    const end = Date.now() + SECONDS * 1000;
    const readers = new AbortController();
    const reader = (async () => {
      let seen: string[] = [];
      while (!readers.signal.aborted) {
        const now = await checkVisibleParts(lake).catch((error: unknown) => (error instanceof NotFound && seen.length === 0 ? [] : Promise.reject(error)));
        expect(now.slice(0, seen.length), "what was visible stays").toEqual(seen);
        seen = now;
      }
    })();
    let kills = 0;
    try {
      for (let round = 0; Date.now() < end; round++) {
        let untilKill = 1 + Math.floor(random() * 6);
        const delay = random() * 4;
        const result = await run(writer, lake, round * 1000, 500, 0, (kill) => {
          if (--untilKill === 0) setTimeout(kill, delay);
        });
        if (result.killed) kills++;
        acknowledged.push(...result.acknowledged);
        await checkRecovered(lake, acknowledged);
      }
    } finally {
      readers.abort();
      await reader;
    }
    expect(kills).toBeGreaterThan(0);
    console.log(`killed ${kills} writers in ${SECONDS} s (seed ${SEED}); ${acknowledged.length} batches acknowledged, none lost`);
  });
});
