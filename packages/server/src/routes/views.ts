import type { api, FindingSummary, ResponseOf } from "@corduroy/contract";
import { attackOf, shown, type EventRow, type FindingLine, type Item, type SuppressionRow, type WholeFinding } from "@corduroy/core/findings";
import { userNames } from "@corduroy/core/identity";
import type { Db } from "@corduroy/core/store";
import { sqlBehind } from "./sqlBehind.ts";

const SHOWN_VALUES = 20;
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Findings as the API shows them, with the names of their owners. */
export async function summaries(db: Db, lines: readonly FindingLine[]): Promise<FindingSummary[]> {
  const names = await userNames(db, lines.flatMap(({ owner }) => owner ?? []));
  return lines.map((line) => ({
    id: line.id, title: line.title, state: line.state, level: line.level, priority: line.priority, priorityWhy: line.priorityWhy, rule: { id: line.ruleId, title: line.rule.title },
    entity: { kind: line.entityKind, key: line.entityKey, name: line.entityName }, count: line.count, firstSeen: line.firstSeen.toISOString(), lastSeen: line.lastSeen.toISOString(), openedAt: line.openedAt.toISOString(), changedAt: line.changedAt.toISOString(),
    team: line.team, service: line.service, environment: line.environment, owner: line.owner === null ? null : { id: line.owner, name: names.get(line.owner) ?? "somebody who left" }, dueAt: iso(line.dueAt), acceptedUntil: iso(line.acceptedUntil),
    labels: line.labels, news: line.news, suppressed: line.suppressedBy !== null, ...attackOf(line.rule.tags), version: line.version,
  }));
}

/** What needs a decision as the API shows it. */
export async function nowItems(db: Db, items: readonly Item[]): Promise<ResponseOf<typeof api.findings.now>["items"]> {
  const shownOf = new Map((await summaries(db, items.flatMap(({ finding, together }) => [finding, ...together]))).map((summary) => [summary.id, summary]));
  return items.map(({ finding, why, together }) => ({ finding: shownOf.get(finding.id)!, why, together: together.map(({ id }) => shownOf.get(id)!) }));
}

/** One finding with everything that belongs to it. */
export async function detail(db: Db, { finding, timeline, related }: WholeFinding): Promise<ResponseOf<typeof api.findings.get>> {
  const [summary, ...others] = await summaries(db, [finding, ...related]);
  const { rule, evidence, links, duplicateOf } = finding;
  const values = Object.fromEntries(Object.entries(evidence.tallies).map(([name, tally]) => [name, shown(tally, SHOWN_VALUES)])) as Record<keyof typeof evidence.tallies, string[]>;
  return {
    ...summary!,
    description: rule.description, falsePositives: rule.falsepositives, nextSteps: [...rule.check, ...rule.respond], references: rule.references,
    evidence: {
      accounts: values.accounts, regions: values.regions, addresses: values.addresses, accessKeys: values.access_keys, userAgents: values.user_agents, operations: values.operations, resources: values.resources, outcomes: values.outcomes,
      histogram: Object.entries(evidence.hours).sort(([a], [b]) => (a < b ? -1 : 1)), samples: evidence.samples,
    },
    timeline: timeline.map(eventView), related: others, links, duplicateOf, sql: sqlBehind(finding),
  };
}

function eventView({ at, actorKind, actorId, actorName, kind, text, detail: about }: EventRow): ResponseOf<typeof api.findings.get>["timeline"][number] {
  return { at: at.toISOString(), actor: { kind: actorKind, id: actorId, name: actorName }, kind: kind as never, text, detail: about };
}

export function suppressionView({ id, reason, rule, entity, account, expiresAt, endedAt, createdAt, createdByKind, createdById, createdByName, hidden }: SuppressionRow): ResponseOf<typeof api.findings.suppress> {
  return { id, reason, scope: { rule, entity, account }, expiresAt: expiresAt.toISOString(), endedAt: endedAt !== null && endedAt < expiresAt ? endedAt.toISOString() : null, createdAt: createdAt.toISOString(), createdBy: { kind: createdByKind, id: createdById, name: createdByName }, hidden };
}

