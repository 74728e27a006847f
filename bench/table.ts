import type { Machine } from "./machine.ts";

/** What a figure must keep. */
export interface Bar {
  text: string;
  met: boolean;
}

/** One line of the results. */
export interface Row {
  what: string;
  figure: string;
  bar?: Bar | undefined;
}

export interface Section {
  title: string;
  /** What was done, in a sentence or two. */
  about: string;
  rows: Row[];
}

export const atLeast = (limit: number, value: number): Bar => ({ text: `>= ${limit}`, met: value >= limit });
export const atMost = (limit: number, value: number, unit = ""): Bar => ({ text: `<= ${limit}${unit}`, met: value <= limit });

/** `1234567` -> `1,234,567`. */
export const countText = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
export const megabytes = (bytes: number): string => `${countText(bytes / 1e6)} MB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

/** Rows as a Markdown table whose columns line up, so that it reads well on a terminal too. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ what, figure, bar }) => [what, figure, bar?.text ?? "", bar === undefined ? "" : bar.met ? "kept" : "MISSED"]);
  const lines = [["measured", "figure", "bar", ""], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]): string => `| ${widths.map((width, column) => (line[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [text(lines[0] ?? []), rule, ...lines.slice(1).map(text)].join("\n");
}

/**
 * The page that a run leaves in the repository: the machine, and every section with its table.
 * @param size how large the run was, in words
 * @param command what was run
 */
export function renderResults(machine: Machine, size: string, sections: readonly Section[], command = "npm run bench"): string {
  const { processor, cores, memoryBytes, system, node, duckdb, date, load } = machine;
  const about = [
    `- processor: ${processor}, ${cores} ${cores === 1 ? "core" : "cores"}`,
    `- memory: ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    `- system: ${system}, Node ${node}, DuckDB ${duckdb}`,
    `- date: ${date}`,
    `- load before the run: ${load.toFixed(2)}${load > 0.5 ? ". The machine was busy with other things: figures are worse than they could be" : ""}`,
    `- size: ${size}`,
  ];
  const parts = sections.map(({ title, about: words, rows }) => `## ${title}\n\n${words}\n\n${renderTable(rows)}\n`);
  return `# Results of \`${command}\`\n\nWritten by the program; [README.md](README.md) says how each figure is taken.\n\n${about.join("\n")}\n\n${parts.join("\n")}`;
}
