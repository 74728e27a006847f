import { audit, authorize, userName, type Action } from "../identity/index.ts";
import { Conflict, Invalid, NotFound } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { withoutOthers } from "./duplicates.ts";
import { eventAsSeen } from "./hiding.ts";
import { dueAt, type Priority } from "./priority.ts";
import { readFinding } from "./readable.ts";
import { isActive, spoken, step, type State } from "./state.ts";
import * as store from "./store.ts";
import type { FindingRow } from "./store.ts";

/** What may be changed of a finding while it is open. */
export interface FindingChange {
  /** The version that whoever changes it has seen. */
  version: number;
  state?: "open" | "triaged" | "in_progress" | undefined;
  owner?: string | null | undefined;
  priority?: Priority | undefined;
  dueAt?: Date | null | undefined;
  labels?: readonly string[] | undefined;
  addLink?: { url: string; title: string } | undefined;
}

/** How a finding is closed. */
export interface Closing {
  version: number;
  as: "resolved" | "accepted" | "false_positive" | "duplicate";
  reason: string;
  /** For `accepted`: until when. */
  until?: Date | undefined;
  /** For `duplicate`: the finding that stays. */
  of?: string | undefined;
}

/** One line of a finding's timeline, and the columns that follow from it. */
interface Step {
  kind: string;
  text: string;
  detail: Record<string, unknown>;
  set: Partial<FindingRow>;
}

const LONGEST_ACCEPTANCE_MS = 366 * 86_400_000;

/**
 * Changes state, owner, priority, due date, labels, links: each change is a line of the timeline.
 * @throws NotFound, Forbidden, Invalid; Conflict when somebody else has changed it since `version`
 */
export function changeFinding(ctx: DbCtx, id: string, change: FindingChange): Promise<FindingRow> {
  return edit(ctx, id, change.version, "findings.triage", async (row, inside) => {
    const steps: Step[] = [];
    const { state, owner, priority, dueAt, labels, addLink } = change;
    if (state !== undefined && state !== row.state) {
      if (!isActive(row.state)) throw new Conflict(`The finding is ${spoken(row.state)}.`, { hint: "Open it again first, with a reason." });
      steps.push(stateStep(row.state, state, ""));
    }
    if (owner !== undefined && owner !== row.owner) {
      const name = owner === null ? null : await userName(inside.db, owner);
      if (owner !== null && name === null) throw new Invalid("There is no such person.", { hint: "Give it to somebody who has an account here." });
      steps.push({ kind: "owner", text: name === null ? "Given back" : `Given to ${name}`, detail: { from: row.owner, to: owner }, set: { owner } });
    }
    if (priority !== undefined && priority !== row.priority) steps.push({ kind: "priority", text: `Priority ${row.priority} → ${priority}`, detail: { from: row.priority, to: priority }, set: { priority, priorityWhy: "set by hand" } });
    if (dueAt !== undefined && dueAt?.getTime() !== row.dueAt?.getTime()) steps.push({ kind: "due", text: dueAt === null ? "No due date" : `Due ${dueAt.toISOString().slice(0, 10)}`, detail: { from: row.dueAt, to: dueAt }, set: { dueAt } });
    if (labels !== undefined && JSON.stringify(labels) !== JSON.stringify(row.labels)) steps.push({ kind: "labels", text: labels.length === 0 ? "Labels removed" : `Labels: ${labels.join(", ")}`, detail: { from: row.labels, to: labels }, set: { labels: [...labels] } });
    if (addLink !== undefined) steps.push({ kind: "link", text: `Linked ${addLink.title}`, detail: addLink, set: { links: [...row.links, addLink] } });
    return steps;
  });
}

/** Adds a comment to the timeline. @throws NotFound, Forbidden */
export function commentOn(ctx: DbCtx, id: string, text: string): Promise<FindingRow> {
  return edit(ctx, id, null, "findings.comment", async () => [{ kind: "comment", text, detail: {}, set: {} }]);
}

/**
 * Closes a finding that is open: never without a disposition and a reason.
 * @throws NotFound, Forbidden; Conflict when it is closed already, or has changed; Invalid for an acceptance without an end, or a duplicate of what is not open, or of itself
 */
export async function closeFinding(ctx: DbCtx, id: string, closing: Closing): Promise<FindingRow> {
  return inTransaction(ctx, async (inside) => {
    // Both at once and in one order: two that are closed as duplicates of each other at the same time would leave nothing open.
    if (closing.of !== undefined) await store.lockFindings(inside.db, [id, closing.of]);
    return edit(inside, id, closing.version, "findings.close", async (row) => [await closingStep(inside, row, closing)]);
  });
}

async function closingStep(ctx: DbCtx, { id, state }: FindingRow, { as, reason, until, of }: Closing): Promise<Step> {
  if (!isActive(state)) throw new Conflict(`The finding is closed already, as ${spoken(state)}.`, { hint: "Open it again first, with a reason; then close it anew." });
  const away = (until?.getTime() ?? 0) - ctx.now().getTime();
  if (as === "accepted" && (until === undefined || away <= 0 || away > LONGEST_ACCEPTANCE_MS)) throw new Invalid("An acceptance ends: say when it is to be looked at again, within a year.", { hint: "Set `until` to a day to come." });
  if (as === "duplicate") {
    if (of === undefined || of === id) throw new Invalid("A duplicate needs the finding that stays.", { hint: "Set `of` to its id." });
    const stays = await readFinding(ctx, of, { lock: false });
    if (stays === undefined) throw new Invalid("The finding that is to stay does not exist.");
    if (!isActive(stays.state)) throw new Invalid(`The finding that is to stay is closed itself, as ${spoken(stays.state)}.`, { hint: stays.duplicateOf === null ? "Name one that is open, or open that one again first." : `Name the one that it is a duplicate of: ${stays.duplicateOf}.` });
  }
  const [acceptedUntil, duplicateOf] = [as === "accepted" ? until! : null, as === "duplicate" ? of! : null];
  const more = acceptedUntil !== null ? ` until ${acceptedUntil.toISOString().slice(0, 10)}` : duplicateOf !== null ? ` of ${duplicateOf}` : "";
  const step = stateStep(state, as, reason, more);
  return { ...step, detail: { ...step.detail, until: acceptedUntil, of: duplicateOf }, set: { ...step.set, acceptedUntil, duplicateOf, news: [] } };
}

/** Opens a closed finding again: from now on it is due, and told of, as a new one is. @throws NotFound, Forbidden; Conflict when it is open, or has changed */
export function reopenFinding(ctx: DbCtx, id: string, { version, reason }: { version: number; reason: string }): Promise<FindingRow> {
  return edit(ctx, id, version, "findings.triage", async (row, inside) => {
    if (isActive(row.state)) throw new Conflict("The finding is open already.");
    const opening = stateStep(row.state, "open", reason);
    const openedAt = inside.now();
    return [{ ...opening, set: { ...opening.set, acceptedUntil: null, duplicateOf: null, openedAt, dueAt: dueAt(row.priority, openedAt) } }];
  });
}

function stateStep(from: State, to: State, reason: string, more = ""): Step {
  return { kind: "state", text: `${spoken(from)} → ${spoken(to)}${more}${reason === "" ? "" : `: ${reason}`}`, detail: { from, to: step(from, to), reason }, set: { state: to } };
}

async function edit(ctx: DbCtx, id: string, version: number | null, action: Action, stepsFor: (row: FindingRow, ctx: DbCtx) => Promise<Step[]>): Promise<FindingRow> {
  return inTransaction(ctx, async (inside) => {
    const row = await readFinding(inside, id, { lock: true });
    await authorize(inside, action, { type: "Finding", id, ...(row?.team != null && { team: row.team }) });
    if (row === undefined) throw new NotFound("There is no such finding.");
    if (version !== null && version !== row.version) throw await overtaken(inside, row, version);
    const steps = await stepsFor(row, inside);
    if (steps.length === 0) return row;
    const at = inside.now();
    const changed: FindingRow = Object.assign({ ...row, version: row.version + 1, changedAt: at }, ...steps.map(({ set }) => set));
    await store.updateFinding(inside.db, changed);
    await store.insertEvents(inside.db, steps.map(({ kind, text, detail }) => ({ finding: id, at, actor: inside.actor, kind, text, detail })));
    await audit(inside, { action, resource: { type: "Finding", id }, detail: { changes: steps.map(audited) } });
    return changed;
  });
}

/** What the audit keeps of a step: what changed, not what people wrote about it. */
function audited({ kind, detail }: Step): Record<string, unknown> {
  if (kind === "comment") return { kind };
  if (kind === "link") return { kind, url: detail["url"] };
  const { from = null, to = null, until = null, of = null } = detail;
  return { kind, from, to, ...(until !== null && { until }), ...(of !== null && { of }) };
}

async function overtaken(ctx: DbCtx, row: FindingRow, version: number): Promise<Conflict> {
  const { timeline } = await withoutOthers(ctx, null, (await store.eventsOf(ctx.db, row.id)).slice(-1));
  const [last] = timeline.map((event) => eventAsSeen(ctx, row.team, event));
  return new Conflict(`Somebody else was faster${last ? `: ${last.actorName} (${last.text})` : ""}.`, { hint: `You have seen version ${version}; it is version ${row.version} now. Look again, then decide.` });
}
