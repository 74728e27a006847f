import { writeFile } from "node:fs/promises";
import { loadRules, type DetectionRule } from "@corduroy/core/detect";
import { LEVELS, type Entity } from "@corduroy/core/findings";
import { parseSince, scan, type ScanResult } from "@corduroy/core/ingest";
import { Invalid, visible } from "@corduroy/core/kernel";
import { renderHtml, toOcsfFindings, type ScanReport } from "@corduroy/core/reports";
import { sourceById, sources } from "@corduroy/core/sources";
import { version } from "../package.json";
import { colorful } from "./color.ts";
import { findingsTable } from "./findings-table.ts";
import { EXIT } from "./exit.ts";
import { builtInRules, workerEntry } from "./paths.ts";
import { progressBar } from "./progress.ts";

export interface ScanCommandOptions {
  rules?: string[];
  source?: string;
  anyLogsource: boolean;
  since?: string;
  keep?: string;
  format: "table" | "json" | "ocsf";
  html?: string;
  signals?: string;
  failOn: (typeof LEVELS)[number] | "never";
  workers: number;
}

/** `corduroy scan`: logs in, findings out. Sets the exit code. */
export async function scanCommand(inputs: string[], options: ScanCommandOptions): Promise<void> {
  if (options.source !== undefined && !sourceById(options.source))
    throw new Invalid(`There is no source ${options.source}.`, { hint: `Known are ${sources.map(({ id }) => id).join(" and ")}.` });
  const began = Date.now();
  const result = await scanWithProgress(inputs, options);
  const report = reportOf(result, { inputs, seconds: (Date.now() - began) / 1000 });
  if (options.html !== undefined) await writeFile(options.html, renderHtml(report));
  process.stdout.write(printed(report, options.format));
  if (options.html !== undefined) process.stderr.write(`The report is in ${visible(options.html)}\n`);
  for (const left of result.skipped) process.stderr.write(`Left out: ${visible(left.location)}: ${visible(left.reason)} (${left.count})\n`);
  if (report.counts.read === 0) process.stderr.write("No record was read.\n");
  process.exitCode = exitCode(report, options.failOn);
}

/** Loads the rules; a broken one is told and left out, and when none is left the scan has no sense. */
async function usableRules(paths: string[] | undefined): Promise<DetectionRule[]> {
  const { rules, problems } = await loadRules(paths ?? [builtInRules()]);
  for (const problem of problems.slice(0, 20)) process.stderr.write(`${visible(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`)}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} problems in rules; the rules concerned are not asked. "corduroy rules check" shows them all.\n`);
  if (rules.length === 0) throw new Invalid("There is no rule to ask.", { hint: "--rules wants a file or folder with Sigma rules (*.yml)." });
  return rules;
}

/** Runs the scan, with a progress bar where there is a terminal. */
export async function scanWithProgress(inputs: string[], options: ScanCommandOptions): Promise<ScanResult> {
  const bar = progressBar(process.stderr);
  try {
    return await scan({
      inputs,
      since: options.since === undefined ? undefined : parseSince(options.since, new Date()),
      source: options.source ?? null,
      rules: () => usableRules(options.rules),
      anyLogsource: options.anyLogsource,
      keep: options.keep ?? null,
      signals: options.signals ?? null,
      workerEntry: workerEntry(),
      workers: options.workers,
      onProgress: (progress) => bar?.update(progress),
    });
  } finally {
    bar?.stop();
  }
}

/** What was found, in the form all reports are made of. */
export function reportOf(result: ScanResult, about: { inputs: string[]; seconds: number; title?: string }): ScanReport {
  const inFindings = (field: "addresses" | "operations", name: string): number => result.findings.filter((finding) => finding[field].includes(name)).length;
  return {
    generated: new Date().toISOString(),
    version,
    ...(about.title === undefined ? {} : { title: about.title }),
    inputs: about.inputs,
    counts: result.counts,
    bytes: result.bytes,
    seconds: about.seconds,
    rules: { count: result.rules, matched: result.matchedRules },
    signals: result.signals,
    findings: result.findings,
    volume: result.volume,
    identities: result.identities.map(({ kind, name, count }) => ({ kind: kind as Entity["kind"], name, count, findings: result.findings.filter((finding) => finding.entity.name === name).length })),
    addresses: result.addresses.map(([name, count]) => ({ name, count, findings: inFindings("addresses", name) })),
    services: result.services.map(([name, count]) => ({ name, count, findings: result.findings.filter((finding) => finding.samples.some((sample) => sample.service === name)).length })),
    operations: result.operations.map(([name, count]) => ({ name, count, findings: inFindings("operations", name) })),
    unreadable: result.unreadable,
    unreadable_total: result.unreadableTotal,
    sources: result.sources,
  };
}

/** The report as text for standard output. */
export function printed(report: ScanReport, format: ScanCommandOptions["format"]): string {
  if (format === "ocsf") return `${JSON.stringify(toOcsfFindings(report), null, 2)}\n`;
  if (format === "json") {
    const { counts, signals, findings, ...rest } = report;
    return `${JSON.stringify({ events: counts, signals, findings, ...rest }, null, 2)}\n`;
  }
  return findingsTable(report, { columns: process.stdout.columns ?? 80, color: colorful(process.stdout) });
}

function exitCode(report: ScanReport, failOn: ScanCommandOptions["failOn"]): number {
  const { stored, duplicate, dead } = report.counts;
  if (stored + duplicate === 0 && (dead > 0 || report.unreadable_total > 0)) return EXIT.failed;
  const serious = failOn !== "never" && report.findings.some((finding) => LEVELS.indexOf(finding.level) >= LEVELS.indexOf(failOn));
  return serious ? EXIT.findings : EXIT.nothing;
}
