import { access, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Conflict, visible } from "@corduroy/core/kernel";
import { countText, renderHtml } from "@corduroy/core/reports";
import { writeEstate, type BreachFacts } from "@corduroy/estate";
import { printed, reportOf, scanWithProgress } from "./scan.ts";

/** A Wednesday; fixed, so that the same seed shows everybody the same. */
const DAY = "2026-11-18";
/** As many as make a believable day and still fit into the minute that a first look may take. */
const EVENTS = 60_000;

/** `corduroy demo`: writes a day of a made-up company's CloudTrail with a break-in in it, scans it, and says what to try next. */
export async function demoCommand(options: { folder?: string; seed: number }): Promise<void> {
  const folder = options.folder === undefined ? await mkdtemp(join(tmpdir(), "corduroy-demo-")) : resolve(options.folder);
  const logs = join(folder, "AWSLogs");
  await mkdir(folder, { recursive: true });
  if (await exists(logs)) throw new Conflict(`There are logs in ${logs} already.`, { hint: "Name another folder with --folder, or remove this one." });
  const breach = await writeLogs(folder, options.seed);
  const began = Date.now();
  const result = await scanWithProgress([logs], { anyLogsource: false, format: "table", failOn: "never", workers: 2 });
  const report = reportOf(result, { inputs: [logs], seconds: (Date.now() - began) / 1000, title: "A day at a made-up company" });
  const html = join(folder, "report.html");
  await writeFile(html, renderHtml(report));
  process.stdout.write(`${printed(report, "table")}${story(breach)}${nextSteps(folder, logs, html)}`);
}

/** Writes the day's logs below `AWSLogs`, as a trail's bucket has them; a count runs along on a terminal. */
async function writeLogs(folder: string, seed: number): Promise<BreachFacts | null> {
  const { stderr } = process;
  const live = stderr.isTTY && process.env["TERM"] !== "dumb";
  stderr.write(`Making a day of a made-up company's CloudTrail, with a break-in in it, in ${visible(folder)}\n`);
  let shown = 0;
  const onProgress = (_bytes: number, events: number): void => {
    if (Date.now() - shown < 200) return;
    shown = Date.now();
    stderr.write(`\r${countText(events)} events`);
  };
  const written = await writeEstate(folder, { seed, day: DAY, events: EVENTS, breach: true, ...(live ? { onProgress } : {}) });
  stderr.write(`${live ? "\r" : ""}${countText(written.events)} events in ${countText(written.files)} files\n\n`);
  return written.breach;
}

/** `14:05`, in UTC. */
const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);

/** What really happened, to compare the findings with. */
function story(breach: BreachFacts | null): string {
  if (!breach) return "";
  return `
What happened: the key ${breach.accessKeyId} of ${breach.userName} leaked.
Somebody at ${breach.address} used it from ${clock(breach.startedAt)} to ${clock(breach.endedAt)} UTC.
`;
}

function nextSteps(folder: string, logs: string, html: string): string {
  const lake = join(folder, "lake");
  return `
The report, for a browser:
  ${visible(html)}
  ${pathToFileURL(html).href}

Try next:
  ./corduroy scan ${inShell(logs)} --keep ${inShell(lake)}
  ./corduroy query --lake ${inShell(lake)} "select operation, count(*) from events group by all order by 2 desc limit 20"
`;
}

/** A path as a POSIX shell takes it for one word. */
function inShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${visible(path).replaceAll("'", String.raw`'\''`)}'`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
