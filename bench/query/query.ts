// npm run bench:query: questions over 50 million events in 90 days, asked over HTTP. README.md explains the figures.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { percentile } from "../load/percentile.ts";
import { send } from "../load/senderApart.ts";
import { describeMachine } from "../machine.ts";
import { setUp } from "../service/account.ts";
import { quiet } from "../service/lakeCheck.ts";
import { freePort, Program } from "../service/program.ts";
import { countText, renderResults, type Row } from "../table.ts";
import { ask } from "./ask.ts";
import { makeDays } from "./days.ts";
import { drawQuestions, type Question } from "./questions.ts";

const HELP = `npm run bench:query -- [options]

  --events N    events together (default 50000000)
  --days N      in so many days (default 90)
  --each N      questions of a kind (default 20)
  --seed N      draws the questions (default 1)
  --out FILE    where to write the results (default bench/query/RESULTS.md)
`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    events: { type: "string", default: "50000000" },
    days: { type: "string", default: "90" },
    each: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: join(root, "bench/query/RESULTS.md") },
    help: { type: "boolean", default: false },
  },
});

function wholeNumber(name: "events" | "days" | "each" | "seed", most: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`--${name} wants a whole number from 1 to ${most}, not ${values[name]}`);
  return value;
}

interface QueryOptions {
  events: number;
  days: number;
  each: number;
  seed: number;
}

const RATE = 20_000;
const BATCH = 800;
const PATIENCE_MS = 300_000;
const MACHINE = describeMachine();
const say = (words: string): void => void process.stderr.write(`${words} ...\n`);

async function run({ events, days, each, seed }: QueryOptions): Promise<void> {
  const cache = join(root, ".cache/query");
  mkdirSync(cache, { recursive: true });
  // On the disk of the checkout, which may hold more than the system's temporary folder; PostgreSQL of a root user must get through.
  const work = mkdtempSync(join(cache, "work-"));
  chmodSync(work, 0o711);
  const data = join(work, "data");
  mkdirSync(data);
  const program = new Program({ root, data, port: await freePort(), log: join(work, "log") });
  try {
    say("starting the service");
    const account = await setUp(program.origin, await program.start());
    const perDay = Math.ceil(events / days);
    say(`sending ${countText(perDay)} events, one day`);
    await send({ origin: program.origin, token: account.events, rate: RATE, seconds: perDay / RATE, size: Math.min(BATCH, perDay) });
    await quiet(data, PATIENCE_MS);
    await makeDays(data, days, (day) => say(`day ${day} of ${days} is there`));
    say("drawing questions");
    const questions = await drawQuestions(data, seed, each);
    const answer = async (kind: Question[]): Promise<number[]> => {
      const taken: number[] = [];
      for (const question of kind) taken.push(await ask(program.origin, account.read, question));
      return taken;
    };
    say("asking");
    const rows: Row[] = [
      row("one access key, no time given", await answer(questions.keys), "p95", 0.95, 3_000),
      row("one identity in one day, whole records", await answer(questions.identities), "p95", 0.95, 1_000),
      row("count by operation over all", await answer(questions.operations), "all", 1, 2_000),
    ];
    const page = renderResults(MACHINE, `${countText(perDay * days)} events in ${countText(days)} days, ${each} questions of a kind`, [{ title: "Questions over HTTP", about: "From the request to the last row; at most 1,000 rows. Each answer has as many rows as another engine has counted.", rows }], "npm run bench:query");
    writeFileSync(resolve(values.out), page);
    process.stdout.write(page);
    await program.stop();
  } finally {
    await program.killAll();
    rmSync(work, { recursive: true, force: true });
  }
}

function row(what: string, taken: readonly number[], name: string, part: number, most: number): Row {
  const [half, all] = [percentile(taken, 0.5), percentile(taken, 1)];
  return { what, figure: `p50 ${countText(half)} ms, p95 ${countText(percentile(taken, 0.95))} ms, longest ${countText(all)} ms`, bar: { text: `${name} <= ${most / 1000} s`, met: percentile(taken, part) <= most } };
}

if (values.help) process.stdout.write(HELP);
else await run({ events: wholeNumber("events", 1_000_000_000), days: wholeNumber("days", 1_000), each: wholeNumber("each", 1_000), seed: wholeNumber("seed", 2 ** 31) });
