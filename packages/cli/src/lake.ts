import { visible } from "@corduroy/core/kernel";
import { countOf, countText } from "@corduroy/core/reports";
import { defaultDataFolder, rebuildLake, type RebuildReport } from "@corduroy/server";
import { EXIT } from "./exit.ts";
import { migrations } from "./paths.ts";

const SHOWN_PROBLEMS = 50;
/** Files between two lines of progress, where the output is no terminal. */
const FILES_A_LINE = 10_000;

/** `corduroy lake rebuild`. Sets the exit code. */
export async function rebuildCommand({ data = defaultDataFolder(process.env, false) }: { data?: string }): Promise<void> {
  const { stderr } = process;
  const onProgress = (files: number): void => {
    if (stderr.isTTY) stderr.write(`\r${countText(files)} files read`);
    else if (files % FILES_A_LINE === 0) stderr.write(`${countText(files)} files read\n`);
  };
  const report = await rebuildLake({ data, databaseUrl: process.env["DATABASE_URL"] ?? null, migrations: migrations(), onProgress });
  if (stderr.isTTY) stderr.write("\r\x1b[K");
  process.stdout.write(reportText(report, data));
  process.exitCode = report.problems.length === 0 ? EXIT.nothing : EXIT.findings;
}

function reportText({ parts, batches, events, dead, superseded, problems, segments }: RebuildReport, data: string): string {
  const strange = problems.slice(0, SHOWN_PROBLEMS).map(({ path, what, hint }) => `  ${visible(path)}: ${visible(what)} ${visible(hint)}`);
  return [
    `In the lake again: ${countOf(events, "event")} and ${countOf(dead, "dead letter")}, in ${countOf(parts, "part")} of ${countOf(batches, "batch", "batches")}.`,
    ...(superseded > 0 ? [`Left away: ${countOf(superseded, "file")} whose rows others hold, or the spool does; removed by themselves.`] : []),
    ...(segments.spool > 0 ? [`Received and not in it yet: ${countOf(segments.spool, "segment")} of the spool. The next start takes them in.`] : []),
    ...(segments.quarantine > 0 ? [`In quarantine: ${countOf(segments.quarantine, "segment")}. See corduroy sources quarantine.`] : []),
    ...(problems.length > 0 ? [`Left where they are: ${countOf(problems.length, "file")}.`, ...strange] : []),
    ...(problems.length > SHOWN_PROBLEMS ? [`  and ${countText(problems.length - SHOWN_PROBLEMS)} more`] : []),
    "Findings, people, tokens and the audit were in the database alone; keys of bodies that were received are forgotten with it.",
    `Start it with: corduroy up --data ${visible(data)}`,
    "",
  ].join("\n");
}
