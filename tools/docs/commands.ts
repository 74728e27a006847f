/** One command of an `sh` block in a Markdown page. */
export interface DocumentedCommand {
  /** From 1. */
  line: number;
  /** Program and arguments, quotes removed: ["./corduroy", "query", "select 1"]. */
  words: string[];
}

/**
 * The commands in the `sh` blocks of a Markdown page. Lines ending in a backslash are joined; `&&`, `||`, `;`, `|` and `>` end a command, and
 * `#` starts a comment. That is all of the shell that documentation should need.
 */
export function commandsIn(markdown: string): DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let inside = false;
  let pending = "";
  for (const [index, text] of markdown.split("\n").entries()) {
    if (text.trim().startsWith("```")) {
      inside = !inside && text.trim() === "```sh";
      continue;
    }
    if (!inside) continue;
    if (text.endsWith("\\")) {
      pending += `${text.slice(0, -1)} `;
      continue;
    }
    for (const words of splitCommands(pending + text)) found.push({ line: index + 1, words });
    pending = "";
  }
  return found;
}

function splitCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token, single, double] of line.matchAll(/'([^']*)'|"([^"]*)"|#.*|&&|\|\|?|[;>]|[^\s;|&>]+/g)) {
    if (token.startsWith("#")) break;
    if (/^(&&|\|\|?|[;>])$/.test(token)) commands.push([]);
    else commands.at(-1)?.push(single ?? double ?? token);
  }
  return commands.filter((words) => words.length > 0);
}

/** What a command's `--help` says there is. */
export interface Help {
  /** Names of sub-commands, without `help`. */
  commands: string[];
  /** Flags as typed: "--format", "-h". */
  flags: string[];
}

/** Reads the sections "Commands:" and "Options:" (or others whose lines begin with a flag) of a help text. */
export function readHelp(text: string): Help {
  const commands = new Set<string>();
  const flags = new Set<string>();
  let section = "";
  for (const line of text.split("\n")) {
    const heading = /^(\w[\w ]*):/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    // Entries are indented by two; deeper lines continue a description.
    const entry = /^ {2}(\S.*)$/.exec(line)?.[1];
    if (entry === undefined) continue;
    if (section.endsWith("Commands")) commands.add(entry.split(/[\s|]/)[0] ?? "");
    else if (entry.startsWith("-")) for (const flag of entry.split(/ {2,}/)[0]?.match(/(?<![\w-])--?[\w-]+/g) ?? []) flags.add(flag);
  }
  commands.delete("help");
  return { commands: [...commands], flags: [...flags] };
}
