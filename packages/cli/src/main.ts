import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { version } from "../package.json";
import { EXIT } from "./exit.ts";


const LEVELS = ["informational", "low", "medium", "high", "critical"];

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It is not a whole number above 0.");
  return value;
}

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function program(): Command {
  const root = new Command("corduroy").description("The paved road for security, made of logs: logs in, findings out.").version(version).exitOverride().showHelpAfterError("(corduroy --help shows what there is)");
  root.addHelpText("after", `
Examples:
  corduroy demo
  corduroy scan ./AWSLogs --html report.html
  corduroy scan ./AWSLogs --keep ./lake
  corduroy query --lake ./lake "select operation, count(*) from events group by all"`);

  root
    .command("scan")
    .description("read logs and print the findings")
    .argument("<input...>", "files, folders, globs, s3://bucket/prefix, or - for standard input")
    .option("--rules <path>", "Sigma rules, a file or folder; may be repeated (default: the built-in rules)", several)
    .option("--source <id>", "take every record for this source: aws.cloudtrail or generic.json (default: told from the content)")
    .option("--any-logsource", "ask every rule of every event, whatever log source the rule names", false)
    .option("--since <time>", "only objects changed since: 7d, 24h, 2026-11-01")
    .option("--keep <folder>", "keep the events in a lake in this folder; a record is never kept twice")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json", "ocsf"]).default("table"))
    .option("--html <file>", "write a report as one HTML file")
    .option("--signals <file>", "write one JSON line for each match")
    .addOption(new Option("--fail-on <level>", "exit with 1 from this level on").choices([...LEVELS, "never"]).default("low"))
    .option("--workers <number>", "processes to work with", positive, 2)
    .addHelpText("after", `
Exit code: 0 nothing found, 1 findings at or above --fail-on, 2 it could not run.

Examples:
  corduroy scan ./AWSLogs --html report.html
  corduroy scan trail.json.gz --rules ./sigma/rules --format json --signals hits.ndjson
  corduroy scan s3://trail-bucket/AWSLogs --since 7d
  zcat *.gz | corduroy scan -`)
    .action(async (inputs: string[], options) => (await import("./scan.ts")).scanCommand(inputs, options));

  root
    .command("query")
    .description("ask the lake with SQL")
    .argument("<sql>", "one SELECT; the views are events, one for each source, signals and dead_letters")
    .requiredOption("--lake <folder>", "the lake's folder")
    .addOption(new Option("--format <format>", "how to print the rows").choices(["table", "json", "ndjson", "csv"]).default("table"))
    .option("--limit <rows>", "print at most this many rows", positive)
    .option("--timeout <seconds>", "give up after this long", positive, 300)
    .addHelpText("after", `
Examples:
  corduroy query --lake ./lake "select operation, count(*) from events group by all order by 2 desc limit 20"
  corduroy query --lake ./lake --format csv "select time, entity_name, address from events where operation = 'ConsoleLogin'"`)
    .action(async (sql: string, options) => (await import("./query.ts")).queryCommand(sql, options));

  const rules = root.command("rules").description("check and test detection rules");
  rules
    .command("check")
    .description("parse and compile rules; tell every problem with its place")
    .argument("<path...>", "Sigma rules, files or folders")
    .addOption(new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"))
    .addHelpText("after", `
Exit code: 0 all is well, 1 there are problems, 2 it could not run.

Example:
  corduroy rules check ./sigma/rules`)
    .action(async (paths: string[], options) => (await import("./rules.ts")).checkCommand(paths, options));
  rules
    .command("test")
    .description("run the tests that stand beside rules, in <rule>.test.yml")
    .argument("<path...>", "Sigma rules, files or folders")
    .addHelpText("after", `
Exit code: 0 all passed, 1 some failed, 2 it could not run.

Example:
  corduroy rules test content/rules`)
    .action(async (paths: string[]) => (await import("./rules.ts")).testCommand(paths));

  root
    .command("demo")
    .description("make a day of a made-up company's logs with a break-in in it, and scan it")
    .option("--folder <folder>", "where to put the logs and the report (default: a new temporary folder)")
    .option("--seed <number>", "another company, another day", positive, 7)
    .action(async (options) => (await import("./demo.ts")).demoCommand(options));
  return root;
}

/** Runs the program; the process's exit code says how it went. */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.nothing : EXIT.failed;
    else {
      const { tell } = await import("./failure.ts");
      process.stderr.write(tell(error));
      process.exitCode = EXIT.failed;
    }
  }
}

// A reader that goes away (`| head`) ends the program without a complaint.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.nothing);
  throw error;
});
await main(process.argv.slice(2));
