import type { FindingDetail, FindingSummary, State } from "@corduroy/contract";
import { exactText } from "../parts/measures.ts";

const STATE_NAMES: Record<State, string> = { open: "Open", triaged: "Triaged", in_progress: "In progress", resolved: "Resolved", accepted: "Accepted", false_positive: "False positive", duplicate: "Duplicate" };

/** A state as it is read. */
export function stateName(state: State): string {
  return STATE_NAMES[state];
}

/** What somebody else changed on a finding in the meantime, one phrase each; comments where both forms have them. */
export function whatChanged(before: FindingSummary | FindingDetail, after: FindingSummary | FindingDetail): string[] {
  const shown: [string, (finding: FindingSummary) => string][] = [
    ["state", (finding) => stateName(finding.state).toLowerCase()],
    ["owner", (finding) => finding.owner?.name ?? "nobody"],
    ["priority", (finding) => finding.priority.toUpperCase()],
    ["due date", (finding) => (finding.dueAt === null ? "none" : exactText(finding.dueAt))],
    ["labels", (finding) => finding.labels.join(", ") || "none"],
  ];
  const changes = shown.filter(([, of]) => of(before) !== of(after)).map(([name, of]) => `${name}: ${of(before)} → ${of(after)}`);
  const said = "timeline" in before && "timeline" in after ? commentsOf(after) - commentsOf(before) : 0;
  return said > 0 ? [...changes, said === 1 ? "a new comment" : `${said} new comments`] : changes;
}

function commentsOf({ timeline }: FindingDetail): number {
  return timeline.filter(({ kind }) => kind === "comment").length;
}
