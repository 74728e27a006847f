import { Option, type Command } from "commander";
import { asksService, LEVELS, positive, several } from "./arguments.ts";

/** Commands that need no service, or may do without: scan, rules, envelope, demo. */
export function addLocalCommands(root: Command): void {
  root
    .command("scan")
    .description("read logs and print the findings")
    .argument("<input...>", "files, folders, globs, s3://bucket/prefix, or - for standard input")
    .option("--rules <path>", "Sigma rules, a file or folder; may be repeated (default: the built-in rules)", several)
    .option("--source <id>", "take every record for this source, such as aws.cloudtrail; docs/sources lists them (default: told from the content)")
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
    .action(async (inputs: string[], options) => (await import("../scan.ts")).scanCommand(inputs, options));

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
    .action(async (paths: string[], options) => (await import("../rules.ts")).checkCommand(paths, options));
  rules
    .command("test")
    .description("run the tests that stand beside rules, in <rule>.test.yml")
    .argument("<path...>", "Sigma rules, files or folders")
    .addHelpText("after", `
Exit code: 0 all passed, 1 some failed, 2 it could not run.

Example:
  corduroy rules test content/rules`)
    .action(async (paths: string[]) => (await import("../rules.ts")).testCommand(paths));

  asksService(rules.command("coverage"))
    .description("compare rules with the stored events: rules that cannot match, and sources without rules")
    .argument("[path...]", "Sigma rules, files or folders (default: the built-in rules)")
    .option("--lake <folder>", "a lake in a folder, as scan --keep makes it, instead of the service's")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText("after", `
It looks at a bounded number of the newest events of each source, and says at how many.

Examples:
  corduroy rules coverage
  corduroy rules coverage ./sigma/rules --lake ./lake`)
    .action(async (paths: string[], options) => (await import("../look/coverage.ts")).coverageCommand(paths, options));

  root
    .command("envelope")
    .description("events of your own applications")
    .command("check")
    .description("hold events against the envelope; tell every problem with its place and what to do")
    .argument("<input...>", "files, folders, globs, or - for standard input")
    .addOption(new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"))
    .addHelpText("after", `
The envelope is content/envelope/app.event.schema.json; docs/sources/app.event.md tells of it.
Exit code: 0 all is well, 1 there are problems, 2 it could not run.

Example:
  node server.js | corduroy envelope check -`)
    .action(async (inputs: string[], options) => (await import("../envelope/check.ts")).checkCommand(inputs, options));

  root
    .command("demo")
    .description("make a day of a made-up company's logs with a break-in in it, and scan it")
    .option("--folder <folder>", "where to put the logs and the report (default: a new temporary folder)")
    .option("--seed <number>", "another company, another day", positive, 7)
    .action(async (options) => (await import("../demo.ts")).demoCommand(options));
}
