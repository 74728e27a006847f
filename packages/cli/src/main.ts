import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { addBackupCommands } from "./commands/backup.ts";
import { addFindingCommands } from "./commands/findings.ts";
import { addLakeCommands } from "./commands/lake.ts";
import { addLocalCommands } from "./commands/local.ts";
import { addServiceCommands } from "./commands/service.ts";
import { EXIT } from "./exit.ts";

function program(): Command {
  const root = new Command("corduroy").description("The paved road for security, made of logs: logs in, findings out.").version(version).exitOverride().showHelpAfterError("(corduroy --help shows what there is)");
  root.addHelpText("after", `
Examples:
  corduroy demo
  corduroy scan ./AWSLogs --html report.html
  corduroy up
  corduroy watch ./AWSLogs
  corduroy findings list
  corduroy query "select operation, count(*) from events group by all"`);
  addLocalCommands(root);
  addServiceCommands(root);
  addBackupCommands(root);
  addLakeCommands(root);
  addFindingCommands(root);
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
