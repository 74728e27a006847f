import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandsIn, readHelp, type Help } from "./docs/commands.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  ...readdirSync(root),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => join("docs", path)),
].filter((path) => path.endsWith(".md"));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

const known = new Map<string, Help>();
/** What `corduroy PATH --help` says; asked once. */
function helpFor(path: string[]): Help {
  const key = path.join(" ");
  const before = known.get(key);
  if (before !== undefined) return before;
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, "packages/cli/bin/corduroy.mjs"), ...path, "--help"], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const help = readHelp(stdout);
  known.set(key, help);
  return help;
}

/** What in a documented call of the CLI does not exist, as a sentence; undefined when all of it does. */
function complaint(args: string[]): string | undefined {
  const path: string[] = [];
  const rest = [...args];
  while (rest[0] !== undefined && helpFor(path).commands.includes(rest[0])) path.push(rest.shift() ?? "");
  const help = helpFor(path);
  if (help.commands.length > 0 && rest[0] !== undefined && !rest[0].startsWith("-")) return `there is no command "${[...path, rest[0]].join(" ")}"`;
  const unknown = rest.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split("=")[0] ?? "").find((flag) => !help.flags.includes(flag));
  return unknown === undefined ? undefined : `"${path.join(" ")}" has no ${unknown}`;
}

describe.each(pages)("%s", (page) => {
  const markdown = readFileSync(join(root, page), "utf8");

  it("names only commands and flags that exist", () => {
    const problems = commandsIn(markdown).flatMap(({ line, words }) => {
      const [program = "", ...args] = words[0] === "npx" ? words.slice(1) : words;
      if (program === "corduroy" || program === "./corduroy") {
        const problem = complaint(args);
        return problem === undefined ? [] : [`${page}:${line}: ${problem}`];
      }
      const script = program === "npm" ? (args[0] === "run" ? args[1] : args[0] === "test" ? "test" : undefined) : undefined;
      return script === undefined || script in scripts ? [] : [`${page}:${line}: package.json has no script "${script}"`];
    });
    expect(problems).toEqual([]);
  });

  it("links only to files that exist", () => {
    const targets = [...markdown.matchAll(/\]\(([^)#\s]+)[^)]*\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? "");
    const missing = targets.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

it("shows every command of the CLI in docs/cli.md", () => {
  const shown = commandsIn(readFileSync(join(root, "docs/cli.md"), "utf8")).map(({ words }) => words.slice(1).join(" "));
  const leaves = (path: string[]): string[] => {
    const { commands } = helpFor(path);
    return commands.length === 0 ? [path.join(" ")] : commands.flatMap((command) => leaves([...path, command]));
  };
  const commands = leaves([]);
  expect(commands).toContain("scan");
  expect(commands.filter((command) => !shown.some((line) => line === command || line.startsWith(`${command} `)))).toEqual([]);
});
