import { describe, expect, it } from "vitest";
import { commandsIn, readHelp } from "./commands.ts";

describe("commands in Markdown", () => {
  it("come from sh blocks only, with their lines", () => {
    const page = "text ./corduroy no\n```sh\n./corduroy scan a\n```\n```json\n./corduroy no\n```\n```sh\nnpm test\n```\n";
    expect(commandsIn(page)).toEqual([
      { line: 3, words: ["./corduroy", "scan", "a"] },
      { line: 9, words: ["npm", "test"] },
    ]);
  });

  it.each([
    ["a comment", "./corduroy scan x   # what it does", [["./corduroy", "scan", "x"]]],
    ["quotes", `./corduroy query "select '#1' | 2 && 3" 'a b'`, [["./corduroy", "query", "select '#1' | 2 && 3", "a b"]]],
    ["several commands", "git clone u && cd c; zcat a|./corduroy scan - > out.json", [["git", "clone", "u"], ["cd", "c"], ["zcat", "a"], ["./corduroy", "scan", "-"], ["out.json"]]],
    ["a joined line", "./corduroy scan a \\\n  --keep lake", [["./corduroy", "scan", "a", "--keep", "lake"]]],
  ])("understand %s", (_, block, expected) => {
    expect(commandsIn(`\`\`\`sh\n${block}\n\`\`\``).map(({ words }) => words)).toEqual(expected);
  });
});

describe("help texts", () => {
  const help = `Usage: corduroy scan [options] <inputs...>

Reads logs.

Arguments:
  inputs                 files and --folders

Options:
  -f, --format <kind>    table or json (choices: "table", "json"), not
                         --xml
  --no-color             plain text
  -h, --help             display help for command

Commands:
  check [options] <dir>  parse rules
  test|t <dir>           run tests
  help [command]         display help for command

Examples:
  $ corduroy scan --made-up
`;
  it("name their sub-commands and flags", () => {
    expect(readHelp(help)).toEqual({ commands: ["check", "test"], flags: ["-f", "--format", "--no-color", "-h", "--help"] });
  });
});
