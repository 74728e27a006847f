// npm run load: a whole service under load for ten minutes: rate, latency, memory. README.md explains the figures.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, type Machine } from "../machine.ts";
import { setUp } from "../service/account.ts";
import { quiet } from "../service/lakeCheck.ts";
import { freePort, Program } from "../service/program.ts";
import { countText, renderResults } from "../table.ts";
import { countLoad } from "./count.ts";
import { Reader } from "./reader.ts";
import { sectionsOf } from "./results.ts";
import { send } from "./senderApart.ts";
import { Watch } from "./watch.ts";

const HELP = `npm run load -- [options]

  --rate N       events a second (default 20000)
  --seconds N    for so long (default 600, at most 3600)
  --batch N      events of a request (default 800)
  --idle N       seconds of rest before the idle memory is measured (default 90)
  --out FILE     where to write the results (default bench/load/RESULTS.md)
`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "20000" },
    seconds: { type: "string", default: "600" },
    batch: { type: "string", default: "800" },
    idle: { type: "string", default: "90" },
    out: { type: "string", default: join(root, "bench/load/RESULTS.md") },
    help: { type: "boolean", default: false },
  },
});

function wholeNumber(name: "rate" | "seconds" | "batch" | "idle", most: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`--${name} wants a whole number from 1 to ${most}, not ${values[name]}`);
  return value;
}

const say = (words: string): void => void process.stderr.write(`${words} ...\n`);
/** Requests that wait for each other in the service, at the end. */
const PATIENCE_MS = 300_000;

interface LoadOptions {
  rate: number;
  seconds: number;
  size: number;
  idle: number;
}

async function load(options: LoadOptions): Promise<void> {
  const machine = describeMachine();
  const cache = join(root, ".cache/load");
  mkdirSync(cache, { recursive: true });
  // On the disk of the checkout, which may hold more than the system's temporary folder; PostgreSQL of a root user must get through.
  const work = mkdtempSync(join(cache, "work-"));
  chmodSync(work, 0o711);
  const data = join(work, "data");
  mkdirSync(data);
  const program = new Program({ root, data, port: await freePort(), log: join(work, "log") });
  const done = new AbortController();
  try {
    say("starting the service");
    const said = await program.start();
    await Promise.race([measure(program, machine, said, options), untilEnded(program, done.signal)]);
    done.abort();
    await program.stop();
  } finally {
    await program.killAll();
    rmSync(work, { recursive: true, force: true });
  }
}

async function measure(program: Program, machine: Machine, said: string, options: LoadOptions): Promise<void> {
  const { data } = program.options;
  const account = await setUp(program.origin, said);
  const watch = new Watch(program);
  const reader = new Reader(program.origin, account, options.seconds);
  say(`sending ${countText(options.rate)} events a second for ${options.seconds} s`);
  const sent = await send({ origin: program.origin, token: account.events, ...options });
  const cpu = watch.cpuSeconds;
  say("waiting for the backlog");
  const began = performance.now();
  await quiet(data, PATIENCE_MS);
  const backlogSeconds = (performance.now() - began) / 1000;
  const seen = await reader.stop(10_000);
  watch.stop();
  say(`resting for ${options.idle} s`);
  await wait(options.idle * 1000);
  const rest = new Watch(program);
  rest.stop();
  say("counting");
  const counted = await countLoad(data, sent.lost.map((first) => [first, first + options.size - 1]));
  const sections = sectionsOf({ sent, seen, counted, cpu, backlogSeconds, peak: watch.peak, idle: rest.peak, options });
  const size = `${countText(options.rate)} events/s for ${options.seconds} s, ${options.size} events a request${options.seconds < 600 || options.rate < 20_000 ? ". The bars are meant for 20,000 events/s and 600 s" : ""}`;
  const page = renderResults(machine, size, sections, "npm run load");
  writeFileSync(resolve(values.out), page);
  process.stdout.write(page);
  const acknowledged = sent.events - sent.lost.length * options.size;
  if (counted.acknowledged !== acknowledged || counted.rows > sent.events || counted.rows < acknowledged || counted.probes !== seen.sent) process.exitCode = 1;
}

/** @throws Error once the service has ended, unless it may */
async function untilEnded(program: Program, mayEnd: AbortSignal): Promise<void> {
  await program.ended;
  if (!mayEnd.aborted) throw new Error(`the service has ended by itself:\n${program.lastWords()}`);
}

if (values.help) process.stdout.write(HELP);
else await load({ rate: wholeNumber("rate", 1_000_000), seconds: wholeNumber("seconds", 3_600), size: wholeNumber("batch", 5_000), idle: wholeNumber("idle", 600) });
