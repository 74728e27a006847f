import type { Listener, QuarantinedSegment, Source } from "@corduroy/contract";
import { padded, visible, wrapped } from "@corduroy/core/kernel";
import { bytesText, countText, durationText, shortMomentText } from "@corduroy/core/reports";
import type { Colors } from "../color.ts";

const COUNT = 11;
const SIZE = 8;
const WHEN = 12;
const GAP = "  ";

/** Sources with volume, lag and size for the terminal, 80 to 120 columns wide; below each what brings its events. Foreign texts come with their control characters written out. */
export function sourceLines(sources: readonly Source[], { columns, colors }: { columns: number; colors: Colors }): string {
  const width = Math.max(80, Math.min(120, columns));
  const name = width - 3 * COUNT - SIZE - WHEN - 5 * GAP.length;
  const line = (cells: readonly [string, string, string, string, string, string]): string =>
    [padded(cells[0], name), ...cells.slice(1, 4).map((cell) => padded(cell, COUNT, "right")), padded(cells[4], SIZE, "right"), cells[5]].join(GAP).trimEnd();
  const head = line(["SOURCE", "EVENTS", "24 HOURS", "UNREADABLE", "SIZE", "LAST (UTC)"]);
  const rows = sources.flatMap((source) => {
    const { id, events, events24h, dead, bytes, lastEventAt, lagSeconds, retentionDays, collectors, rhythm } = source;
    const notes = [rhythm === "quiet" ? "silent for longer than usual" : "", lagSeconds === null ? "" : `in the lake after ${durationText(lagSeconds * 1000)}`, retentionDays === null ? "" : `kept for ${retentionDays} days`].filter((note) => note !== "").join(", ");
    return [
      line([wrapped(visible(id), name, 1)[0] ?? "", countText(events), countText(events24h), countText(dead), bytesText(bytes), lastEventAt === null ? "never" : shortMomentText(lastEventAt)]),
      ...(notes === "" ? [] : [colors.dim(`  ${notes}`)]),
      ...collectors.flatMap((each) => collectorLines(each, width, colors)),
    ];
  });
  return [colors.dim(head), colors.dim("─".repeat(width)), ...rows, ""].join("\n");
}

/** Where the service listens, for the terminal, with what was lost there and why; nothing where it does not listen. */
export function listenerLines(listeners: readonly Listener[], { colors }: { colors: Colors }): string {
  const reasons = (what: string, counts: Listener["dropped"]): string[] => Object.entries(counts).map(([reason, number]) => colors.yellow(`    ${countText(number)} ${what}: ${visible(reason)}`));
  return listeners
    .flatMap(({ url, received, unreadable, dropped, connections, refused, problem }) => [
      `syslog  ${visible(url)}  ${countText(received)} received${url.startsWith("udp:") ? "" : `, ${countText(connections)} connected`}`,
      ...reasons("unreadable", unreadable), ...reasons("lost", dropped), ...reasons("connections refused", refused), ...(problem === null ? [] : [colors.yellow(`    ${visible(problem)}`)]),
    ])
    .map((line) => `${line}\n`)
    .join("");
}

/** What is in quarantine, for the terminal. */
export function quarantineLines(segments: readonly QuarantinedSegment[]): string {
  if (segments.length === 0) return "Nothing is in quarantine.\n";
  const blocks = segments.map(({ id, at, reason, sources, bytes }) => [`${visible(id)}  ${bytesText(bytes)}  since ${shortMomentText(at)} UTC  ${sources.map(visible).join(", ")}`, `  ${visible(reason)}`]);
  return [...blocks.flat(), "", "To try one again: corduroy sources retry ID", ""].join("\n");
}

/** A collector: where it collects from, in full, for somebody may want to copy it; below it how it fares, and its id. */
function collectorLines({ id, kind, target, paused, problem, lastSuccessAt, waitingUntil, backfillSince }: Source["collectors"][number], width: number, colors: Colors): string[] {
  const waits = waitingUntil !== null && Date.parse(waitingUntil) > Date.now();
  const state = paused ? "paused" : problem !== null ? "in trouble" : waits ? `waits until ${shortMomentText(waitingUntil)}, as it was told` : lastSuccessAt === null ? "nothing yet" : `last ${shortMomentText(lastSuccessAt)}`;
  return [`  ${kind}  ${visible(target)}`, colors.dim(`    ${state}${backfillSince === null ? "" : `, fetching from ${shortMomentText(backfillSince)} on`}  ${visible(id)}`), ...(problem === null ? [] : wrapped(visible(problem), width - 4, 3).map((text) => colors.yellow(`    ${text}`)))];
}
