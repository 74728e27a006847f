// npm run bench: how fast, with how much memory, and how far from what DuckDB alone can do. README.md explains the figures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DataSets } from "./data.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { bySize, memory, rulesCost, speed, text } from "./sections.ts";
import { TEXT_KINDS } from "./textData.ts";
import { countText, renderResults, type Section } from "./table.ts";

const HELP = `npm run bench -- [options]

  --events N    events of the main data set (default 600000, about 1 GB of JSON)
  --rounds N    turns of each comparison (default 3)
  --full        ten times the data, 100,000 files, a file of 5 GB (about half an hour, 20 GB of disk)
  --fresh       make the data again instead of taking what the last run left in .cache/bench
  --out FILE    where to write the results (default bench/RESULTS.md)
`;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} wants a whole number above 0, not ${text}`);
  return value;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: {
    events: { type: "string", default: "600000" },
    rounds: { type: "string", default: "3" },
    full: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    out: { type: "string", default: join(root, "bench/RESULTS.md") },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await bench(wholeNumber("events", values.events), wholeNumber("rounds", values.rounds));

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}

async function bench(events: number, rounds: number): Promise<void> {
  const machine = describeMachine();
  const cache = join(root, ".cache/bench");
  mkdirSync(cache, { recursive: true });
  // On the same disk as the data, which may hold more than the system's temporary folder.
  const work = mkdtempSync(join(cache, "work-"));
  process.once("exit", () => rmSync(work, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  const place = { root, work };
  const sets = new DataSets(cache, values.fresh, say);
  // The first start builds the program when its sources have changed: that is no part of a scan.
  await measure([join(root, "packages/cli/bin/corduroy.mjs"), "--version"]);

  const main = await sets.estate(events, 1);
  const sections: Section[] = [];
  say("speed");
  sections.push(await speed(place, main, rounds));
  say("text");
  const texts = [];
  for (const kind of TEXT_KINDS) texts.push({ source: kind.source, data: await sets.text(kind, Math.min(300e6, events * 500)) });
  sections.push(await text(place, texts, rounds));
  say("cost of rules");
  sections.push(await rulesCost(place, main, rounds));
  // Without --full the same comparison is made a size smaller.
  const [small, large] = values.full ? [main, await sets.estate(events * 10, 10)] : [await sets.estate(Math.ceil(events / 10), 1), main];
  say("by size");
  sections.push(await bySize(place, small, large));
  const files = values.full ? 100_000 : Math.min(2000, Math.ceil(events / 10));
  const bytes = values.full ? 5e9 : Math.min(500e6, events * 500);
  const probes = [
    { what: "many small files", data: await sets.smallFiles(files) },
    { what: "one NDJSON file", data: await sets.ndjson(bytes) },
  ];
  say("memory");
  sections.push(await memory(place, probes));

  const whole = values.full && events >= 600_000;
  const size = `${countText(events)} events${values.full ? ", --full" : ""}${whole ? "" : ". The bars are meant for 600,000 events and --full; a smaller run shows that it works, and the start of the program weighs more in it"}`;
  const page = renderResults(machine, size, sections);
  writeFileSync(resolve(values.out), page);
  process.stdout.write(page);
}
