import pc from "picocolors";
import type { FindingSummary } from "@corduroy/contract";
import { padded, visible, wrapped } from "@corduroy/core/kernel";
import { countOf, countText, shortMomentText } from "@corduroy/core/reports";
import { paint } from "../color.ts";

const LEVEL = 8;
const WHEN = 12;
const SHORTEST_ID = 8;
const GAP = "  ";

/**
 * A list of findings for the terminal: at least 80 columns wide, up to 160. Ids are cut as long as they stay different. Texts from logs come with their control
 * characters written out.
 * @param more whether there are findings beyond these
 */
export function findingLines(findings: readonly FindingSummary[], { columns, color, more }: { columns: number; color: boolean; more: boolean }): string {
  const colors = pc.createColors(color);
  if (findings.length === 0) return "Nothing fits.\n";
  const width = Math.max(80, Math.min(160, columns));
  const id = idLength(findings.map((finding) => finding.id));
  const owner = Math.min(20, 12 + Math.floor((width - 80) / 4));
  const what = width - id - 2 - LEVEL - owner - WHEN - 5 * GAP.length;
  const head = [padded("ID", id), "P ", padded("LEVEL", LEVEL), padded("WHAT", what), padded("OWNER", owner), "LAST (UTC)"].join(GAP);
  const rows = findings.flatMap((finding) => {
    const title = wrapped(visible(finding.title), what, 2);
    const note = noteOf(finding);
    const left = [...title, ...(note === "" ? [] : wrapped(note, what, 3))];
    const names = wrapped(visible(finding.owner?.name ?? "nobody"), owner, 1);
    return left.map((line, index) =>
      [
        padded(index === 0 ? visible(finding.id).slice(0, id) : "", id),
        index === 0 ? finding.priority.toUpperCase() : "  ",
        paint(finding.level, colors)(padded(index > 0 ? "" : finding.level === "informational" ? "info" : finding.level, LEVEL)),
        index < title.length ? padded(line, what) : colors.dim(padded(line, what)),
        padded(index === 0 ? (names[0] ?? "") : "", owner),
        index === 0 ? colors.dim(visible(shortMomentText(finding.lastSeen))) : "",
      ].join(GAP).trimEnd(),
    );
  });
  return [colors.dim(head), colors.dim("─".repeat(width)), ...rows, "", `${countOf(findings.length, "finding")}${more ? ", and more: see --limit" : ""}`, ""].join("\n");
}

/** What else there is to know, on a line of its own. */
function noteOf({ state, team, count, news, suppressed, dueAt }: FindingSummary): string {
  return [
    state === "open" ? "" : state.replaceAll("_", " "), team === null ? "" : `team ${visible(team)}`, count === 1 ? "" : `${countText(count)} events`, ...news.map(visible), suppressed ? "suppressed" : "",
    dueAt === null ? "" : `due ${dueAt.slice(0, 10)}`,
  ].filter((part) => part !== "").join(" · ");
}

/** How many characters tell these ids apart. */
export function idLength(ids: readonly string[]): number {
  const longest = Math.max(...ids.map(({ length }) => length));
  let length = Math.min(SHORTEST_ID, longest);
  while (length < longest && new Set(ids.map((id) => id.slice(0, length))).size < new Set(ids).size) length++;
  return length;
}
