import type { Command } from "commander";

/** Commands for the lake of a service that does not run. */
export function addLakeCommands(root: Command): void {
  root
    .command("lake")
    .description("look after the lake of a service")
    .command("rebuild")
    .description("make a lost database's list of the lake's files anew, from the files")
    .option("--data <folder>", "the service's data (default: the user's data folder)")
    .addHelpText("after", `
The service must be stopped, and its database be empty or missing: for the embedded one move the folder postgres out of the data folder.
With DATABASE_URL the database is that one. Findings, people, tokens and the audit come from a backup alone.
Exit code: 0 all files are in the lake again, 1 some are damaged or strange and were left where they are, 2 it could not run.

Example:
  corduroy lake rebuild --data /srv/corduroy`)
    .action(async (options) => (await import("../lake.ts")).rebuildCommand(options));
}
