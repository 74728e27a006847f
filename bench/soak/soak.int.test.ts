import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Random } from "../service/random.ts";
import { takeOutSyncs } from "./callSites.ts";
import { killRun } from "./killRun.ts";
import { powerRun } from "./powerRun.ts";
import { SCRIPTS } from "./scripts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SEED = Number(process.env["CORDUROY_SOAK_SEED"] ?? Date.now() % 1_000_000);
const LIMIT = { timeout: 900_000 };
const said: string[] = [];
const say = (text: string): void => void said.push(text);

// The two at once, each with a service of its own: much of their time is waiting.
it.concurrent(`loses nothing and doubles nothing when its processes are killed (seed ${SEED})`, LIMIT, async () => {
  const { kills, acknowledged, signals, findings } = await killRun({ root, kills: 3, seed: SEED, say });
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(Math.min(acknowledged, signals, findings)).toBeGreaterThan(0);
});

it.concurrent(`loses nothing and doubles nothing when the power fails (seed ${SEED})`, LIMIT, async () => {
  const { cuts, acknowledged } = await powerRun({ root, cuts: 1, seed: SEED, say });
  expect(cuts).toBe(1);
  expect(acknowledged).toBeGreaterThan(0);
});

it(`needs its syncs: without one that is drawn, events are lost (seed ${SEED})`, LIMIT, async () => {
  const script = new Random(SEED).pick(SCRIPTS.slice(0, 2));
  const site = new Random(SEED + 1).pick(script.shows);
  const [report] = await takeOutSyncs({ root, seed: SEED, chosen: [{ script, sites: [site] }], say });
  expect(report).toMatchObject({ site, fault: expect.stringMatching(/lost|No files found|No magic bytes|too small/) as string });
});
