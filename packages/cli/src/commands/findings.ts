import { Option, type Command } from "commander";
import { asksService, day, LEVELS, positive } from "./arguments.ts";

const STATES = ["active", "closed", "all", "open", "triaged", "in_progress", "resolved", "accepted", "false_positive", "duplicate"];
const ID = "its id, or as much of it as no other begins with";

const commands = () => import("../findings/commands.ts");

/** `corduroy findings …`: what somebody must decide about. */
export function addFindingCommands(root: Command): void {
  const findings = root.command("findings").description("what somebody must decide about");
  asksService(findings.command("list"))
    .description("findings, the most urgent first")
    .addOption(new Option("--state <state>", "where they are in their life").choices(STATES).default("active"))
    .addOption(new Option("--level <level>", "of this level").choices(LEVELS))
    .option("--team <name>", "of this team, or none")
    .option("--owner <person>", "given to this person, to me, or to none")
    .option("-q, --query <words>", "words that the title holds")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .option("--limit <number>", "at most this many", positive, 50)
    .addHelpText("after", `
Examples:
  corduroy findings list
  corduroy findings list --owner me --level critical
  corduroy findings list --state all -q "access key" --format json`)
    .action(async (options) => (await commands()).listCommand(options));

  asksService(findings.command("show"))
    .description("one finding: evidence, next steps, timeline")
    .argument("<id>", ID)
    .addOption(new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"))
    .addHelpText("after", `
Example:
  corduroy findings show 4f00a90c`)
    .action(async (id: string, options) => (await commands()).showCommand(id, options));

  asksService(findings.command("assign"))
    .description("give a finding to somebody, or back")
    .argument("<id>", ID)
    .argument("<person>", "a name or id; me (see login --me), or none")
    .addHelpText("after", `
Examples:
  corduroy findings assign 4f00a90c me
  corduroy findings assign 4f00a90c "Ines Roth"`)
    .action(async (id: string, who: string, options) => (await commands()).assignCommand(id, who, options));

  asksService(findings.command("triage"))
    .description("say that somebody has looked at it")
    .argument("<id>", ID)
    .addHelpText("after", `
Example:
  corduroy findings triage 4f00a90c`)
    .action(async (id: string, options) => (await commands()).triageCommand(id, options));

  asksService(findings.command("comment"))
    .description("add a comment to its timeline")
    .argument("<id>", ID)
    .argument("<text>", "what there is to say")
    .addHelpText("after", `
Example:
  corduroy findings comment 4f00a90c "The key belongs to the old build system."`)
    .action(async (id: string, text: string, options) => (await commands()).commentCommand(id, text, options));

  asksService(findings.command("close"))
    .description("close it, with what it turned out to be")
    .argument("<id>", ID)
    .addOption(new Option("--as <disposition>", "what it turned out to be").choices(["resolved", "accepted", "false_positive", "duplicate"]).makeOptionMandatory())
    .requiredOption("--reason <text>", "why")
    .option("--until <day>", "of an acceptance: the last day", day)
    .option("--of <id>", "of a duplicate: the finding that stays")
    .addHelpText("after", `
Examples:
  corduroy findings close 4f00a90c --as resolved --reason "The key is deleted."
  corduroy findings close 4f00a90c --as accepted --until 2027-06-30 --reason "Until the migration is over."
  corduroy findings close 4f00a90c --as duplicate --of 9b1d22e0 --reason "The same key."`)
    .action(async (id: string, options) => (await commands()).closeCommand(id, options));

  asksService(findings.command("reopen"))
    .description("open a closed finding again")
    .argument("<id>", ID)
    .requiredOption("--reason <text>", "why")
    .addHelpText("after", `
Example:
  corduroy findings reopen 4f00a90c --reason "It happened again."`)
    .action(async (id: string, options) => (await commands()).reopenCommand(id, options));
}
