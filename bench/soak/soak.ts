// npm run soak: kills the service, cuts its power, takes out its syncs, and looks whether anything is lost. README.md explains it.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EVERYTHING, takeOutSyncs } from "./callSites.ts";
import { killRun } from "./killRun.ts";
import { powerRun } from "./powerRun.ts";
import { UNNEEDED } from "./scripts.ts";

const HELP = `npm run soak -- [options]

  --kills N     kills with SIGKILL while events are sent (default 200; 0 for none)
  --power N     power cuts while events are sent (default 50; 0 for none)
  --no-syncs    do not take out one fsync after another
  --seed S      what is done when; the same seed does the same (default: a new one)
`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    power: { type: "string", default: "50" },
    "no-syncs": { type: "boolean", default: false },
    seed: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} wants a whole number, not ${text}`);
  return value;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function soak(kills: number, cuts: number, seed: number): Promise<void> {
  say(`seed ${seed}`);
  if (kills > 0) {
    const { kills: byTarget, sent, acknowledged, unclear, events, batches, parts, signals, findings } = await killRun({ root, kills, seed, say });
    print(`${kills} kills (${Object.entries(byTarget).map(([target, count]) => `${target} ${count}`).join(", ")}): ${sent} events sent, ${acknowledged} acknowledged, ${unclear} unclear answers`);
    print(`  ${events} events in ${batches} batches and ${parts} parts, ${signals} signals in ${findings} findings: none lost, none twice`);
  }
  if (cuts > 0) {
    const { sent, acknowledged, events, parts } = await powerRun({ root, cuts, seed, say });
    print(`${cuts} power cuts: ${sent} events sent, ${acknowledged} acknowledged, ${events} in ${parts} parts: none lost, none twice`);
  }
  if (values["no-syncs"]) return;
  const reports = await takeOutSyncs({ root, seed, chosen: EVERYTHING, say });
  print(`${reports.length} syncs, each needed:`);
  for (const { site, script, fault } of reports) print(`  ${site}\n    ${script}: ${fault}`);
  for (const [site, why] of UNNEEDED) print(`  ${site}\n    not needed: ${why}`);
}

if (values.help) process.stdout.write(HELP);
else await soak(wholeNumber("kills", values.kills), wholeNumber("power", values.power), values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber("seed", values.seed));
