import { rmSync } from "node:fs";
import { join } from "node:path";
import { largestDocument, type DataSet } from "./data.ts";
import { measure } from "./measure.ts";
import { runProduct, runScan, type Place, type ProductRun } from "./product.ts";
import { interleave, median, relativeTime } from "./ratio.ts";
import type { RawLimit } from "./rawLimit.ts";
import { makeRules, occurringOperations, writeRules } from "./rules.ts";
import { atLeast, atMost, countText, megabytes, times, type Row, type Section } from "./table.ts";

/** Peak memory of all processes together, in bytes. */
const MEMORY_BAR = 1e9;

/** Ten times the data may take 10.5 times the time. */
const MOST_GROWTH = 1.05;

/** A run of the product, or of DuckDB alone, for the same comparison. */
type Timed = { seconds: number };

const secondsOf = (runs: readonly Timed[]): number => median(runs.map(({ seconds }) => seconds));
const rate = ({ events, bytes }: DataSet, seconds: number): string => `${countText(events / seconds)} events/s, ${countText(bytes / 1e6 / seconds)} MB/s`;
const sized = ({ events, files, bytes }: DataSet): string => `${countText(events)} events, ${megabytes(bytes)} of JSON, ${countText(files)} ${files === 1 ? "file" : "files"}`;

/** The row of the largest memory that any of the runs took. */
function memoryRow(what: string, runs: readonly ProductRun[], barred: boolean): Row {
  const peaks = runs.flatMap(({ peakBytes }) => (peakBytes === null ? [] : [peakBytes]));
  if (peaks.length === 0) return { what, figure: "not measured: needs /proc" };
  const peak = Math.max(...peaks);
  return { what, figure: megabytes(peak), bar: barred ? { text: "<= 1 GB", met: peak <= MEMORY_BAR } : undefined };
}

function processorRow(what: string, data: DataSet, runs: readonly ProductRun[]): Row {
  const seconds = median(runs.flatMap(({ cpuSeconds }) => (cpuSeconds === null ? [] : [cpuSeconds])));
  return { what, figure: Number.isNaN(seconds) ? "not measured: needs /proc" : `${seconds.toFixed(1)} s, ${((seconds / data.events) * 1e6).toFixed(1)} us an event` };
}

/** DuckDB alone, checked. @param files what it takes, below the data's folder, and what else `rawLimitProcess.ts` wants to know */
function rawLimitOf({ root, work }: Place, data: DataSet, files: string, more: readonly string[]): () => Promise<RawLimit> {
  const out = join(work, "raw");
  return async () => {
    rmSync(out, { recursive: true, force: true });
    const { stdout } = await measure([join(root, "tools/run-ts.mjs"), join(root, "bench/rawLimitProcess.ts"), join(data.folder, files), out, ...more]);
    rmSync(out, { recursive: true, force: true });
    const limit = JSON.parse(stdout) as RawLimit;
    if (limit.records !== data.events) throw new Error(`the raw limit copied ${limit.records} records of ${data.events}`);
    return limit;
  };
}

/** The whole product against DuckDB alone, turn by turn. */
export async function speed(place: Place, data: DataSet, rounds: number): Promise<Section> {
  const largest = 2 ** Math.ceil(Math.log2(Math.max(largestDocument(data.folder) + 2, 2 ** 20)));
  const raw = rawLimitOf(place, data, "**/*.json.gz", [String(largest)]);
  // Not counted: it brings the files from the disk into memory.
  await raw();
  const ours: ProductRun[] = [];
  const { base, others } = await interleave<Timed>(rounds, raw, [
    async () => {
      const run = await runProduct(place, data, null);
      ours.push(run);
      return run;
    },
  ]);
  const part = 1 / relativeTime(base, others[0] ?? []);
  return {
    title: "Speed",
    about: `${sized(data)}. Medians; DuckDB alone (\`rawLimit.ts\`, two threads) and the whole product (two workers, built-in rules, \`--keep\`) in turns, rounds: ${rounds}. The scan found ${countText(ours[0]?.findings ?? 0)} findings in ${countText(ours[0]?.signals ?? 0)} signals.`,
    rows: [
      { what: "raw limit: DuckDB alone", figure: rate(data, secondsOf(base)) },
      { what: "corduroy scan --keep", figure: rate(data, secondsOf(ours)) },
      { what: "part of the raw limit", figure: part.toFixed(2), bar: atLeast(0.65, part) },
      memoryRow("peak memory, all processes", ours, true),
      processorRow("processor time", data, ours),
    ],
  };
}

/** Bytes of text a second, in millions, on two cores. */
const TEXT_BAR = 150;

/** Lines of text: read for their findings, and kept, against DuckDB alone. */
export async function text(place: Place, sets: readonly { source: string; data: DataSet }[], rounds: number): Promise<Section> {
  const rows: Row[] = [];
  for (const { source, data } of sets) {
    const raw = rawLimitOf(place, data, "*.log", []);
    await raw();
    const { base, others } = await interleave<Timed>(rounds, raw, [() => runScan(place, data, []), () => runProduct(place, data, null)]);
    const [scanned = [], kept = []] = others;
    const megabytesASecond = data.bytes / 1e6 / secondsOf(scanned);
    rows.push(
      { what: `${source}: raw limit`, figure: rate(data, secondsOf(base)) },
      { what: `${source}: corduroy scan`, figure: `${rate(data, secondsOf(scanned))}, ${(1 / relativeTime(base, scanned)).toFixed(2)} of the raw limit`, bar: { text: `>= ${TEXT_BAR} MB/s`, met: megabytesASecond >= TEXT_BAR } },
      { what: `${source}: corduroy scan --keep`, figure: `${rate(data, secondsOf(kept))}, ${(1 / relativeTime(base, kept)).toFixed(2)} of the raw limit` },
    );
  }
  return { title: "Text", about: `${sets.map(({ source, data: { bytes, events } }) => `${source}: ${countText(events)} lines, ${megabytes(bytes)}`).join("; ")}. Medians; DuckDB alone, \`corduroy scan\` and the same with \`--keep\` in turns, rounds: ${rounds}.`, rows };
}

const FEW_RULES = 70;
const MOST_RULES = 3000;
const MORE_RULES = [700, MOST_RULES];

function rulesRow(count: number, runs: readonly ProductRun[], ratio: number): Row {
  const figure = `${times(ratio)}, ${secondsOf(runs).toFixed(1)} s, ${countText(runs[0]?.signals ?? 0)} signals`;
  return { what: `${countText(count)} rules`, figure, bar: count === MOST_RULES ? atMost(1.5, ratio, "x") : undefined };
}

/** The same scan with more and more rules. */
export async function rulesCost(place: Place, data: DataSet, rounds: number): Promise<Section> {
  const occurring = occurringOperations();
  const scan = (count: number): (() => Promise<ProductRun>) => {
    const rules = writeRules(join(place.work, `rules-${count}`), makeRules(count, occurring));
    return () => runProduct(place, data, rules);
  };
  const { base, others } = await interleave(rounds, scan(FEW_RULES), MORE_RULES.map(scan));
  return {
    title: "Cost of rules",
    about: `${sized(data)}, scanned with \`--keep\` and generated rules: 20 % on operations of the data, 5 % without an operation, the rest on operations that never occur. Times relative to ${FEW_RULES} rules, loading of rules included.`,
    rows: [rulesRow(FEW_RULES, base, 1), ...others.map((runs, index) => rulesRow(MORE_RULES[index] ?? 0, runs, relativeTime(base, runs)))],
  };
}

/** Ten times the data. */
export async function bySize(place: Place, small: DataSet, large: DataSet): Promise<Section> {
  const { base, others } = await interleave(1, () => runProduct(place, small, null), [() => runProduct(place, large, null)]);
  const runs = others[0] ?? [];
  const ratio = relativeTime(base, runs);
  const growth = large.bytes / small.bytes;
  return {
    title: "By size",
    about: `Scanned with \`--keep\` and the built-in rules: ${sized(small)}; then ${sized(large)}.`,
    rows: [
      { what: "time for the small one", figure: `${secondsOf(base).toFixed(1)} s` },
      { what: "time for the large one", figure: `${secondsOf(runs).toFixed(1)} s, ${rate(large, secondsOf(runs))}` },
      { what: `time for ${growth.toFixed(1)}x the data`, figure: times(ratio), bar: atMost(Number((growth * MOST_GROWTH).toFixed(1)), ratio, "x") },
      memoryRow("peak memory, small", base, false),
      memoryRow("peak memory, large", runs, true),
    ],
  };
}

/** Shapes of data that are hard on memory. */
export async function memory(place: Place, probes: readonly { what: string; data: DataSet }[]): Promise<Section> {
  const rows: Row[] = [];
  for (const { what, data } of probes) {
    const run = await runProduct(place, data, null);
    rows.push({ what, figure: `${sized(data)}, ${run.seconds.toFixed(1)} s` }, memoryRow(`peak memory, ${what}`, [run], true));
  }
  return { title: "Memory", about: "Scanned with `--keep` and the built-in rules.", rows };
}
