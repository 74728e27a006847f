import { inTransaction, type DbCtx } from "../store/index.ts";
import { emptyEvidence, addToEvidence, newsIn } from "./evidence.ts";
import { fingerprint, sentence } from "./finding.ts";
import type { SignalGroup } from "./group.ts";
import { homeOf, isOver } from "./home.ts";
import { dueAt, priorityOf, type Environment } from "./priority.ts";
import { withSource } from "./readable.ts";
import type { Entity, RuleSummary, SampleEvent } from "./schemas.ts";
import * as store from "./store.ts";
import type { Cell, NewEvent, FindingRow, SuppressionRow } from "./store.ts";
import { storable } from "./storable.ts";
import { WINDOW_HOURS } from "./window.ts";

/** The matches of one rule by one entity within one hour, as a batch adds them up. */
export interface Match {
  rule: RuleSummary;
  group: Omit<SignalGroup<SampleEvent>, "rule">;
  /** Id of the source that they came from, or are about; null where they are about all together. */
  source: string | null;
}

/** Whose thing it happened to; told from what a finding shows. */
export interface Belonging {
  team: string | null;
  service: string | null;
  environment: Environment;
  tier: string | null;
  /** Why nobody, or more than one, was found; null when it is clear. */
  unclear: string | null;
}
export type Belongs = (facts: { entity: Entity; accounts: readonly string[] }) => Belonging;

/** What became of the findings of a batch. */
export interface Recorded {
  opened: FindingRow[];
  reopened: FindingRow[];
  /** Known ones that a suppression hides from now on. */
  hidden: FindingRow[];
  changed: FindingRow[];
}

const HOUR_MS = 3_600_000;
/** So many findings of one rule within a day are one about many: nobody reads a thousand of the same. */
const ENTITIES_A_RULE = 500;
const MANY: Entity = { kind: "many", key: "many", name: `more than ${ENTITIES_A_RULE} identities` };
const SYSTEM = { kind: "system", name: "detection" } as const;

/**
 * Lets a batch's matches join the findings they belong to, or open new ones: one row a rule, entity and window is written, however many
 * the matches are.
 *
 * A match joins the finding of its rule and entity whose window it falls into. What happened after a resolution reopens the newest finding as a
 * regression; under an acceptance, a suppression or a false positive a match is counted in silence, but what is new about it is noted. What
 * happened before a resolution and is late changes nothing that was decided.
 */
export async function recordMatches(ctx: DbCtx, matches: readonly Match[], belongs: Belongs): Promise<Recorded> {
  const ordered = matches.map(storable).sort((a, b) => (a.group.hour < b.group.hour ? -1 : a.group.hour > b.group.hour ? 1 : 0));
  return inTransaction({ ...ctx, actor: SYSTEM }, async (inside) => {
    const recorder = await Recorder.load(inside, ordered, belongs);
    for (const match of ordered) recorder.add(match);
    return recorder.save();
  });
}

class Recorder {
  /** The findings of each rule and entity that matches may join, the newest window first. */
  private readonly cells = new Map<string, FindingRow[]>();
  private readonly before = new Map<string, FindingRow>();
  /** Findings that matches have joined or opened, as they are now. */
  private readonly touched = new Map<string, FindingRow>();
  private readonly events: NewEvent[] = [];
  private readonly opened = new Set<string>();
  private readonly reopened = new Set<string>();
  private readonly hidden = new Map<string, number>();

  private constructor(
    private readonly ctx: DbCtx,
    private readonly belongs: Belongs,
    private readonly crowds: Map<string, number>,
    private readonly suppressions: readonly SuppressionRow[],
    private readonly resolvedAt: ReadonlyMap<string, Date>,
  ) {}

  static async load(ctx: DbCtx, matches: readonly Match[], belongs: Belongs): Promise<Recorder> {
    const now = ctx.now();
    const crowds = await store.openedByRule(ctx.db, [...new Set(matches.map(({ rule }) => rule.id))], new Date(now.getTime() - WINDOW_HOURS * HOUR_MS));
    const rows = await store.findingsOf(ctx.db, cellsOf(matches));
    const resolved = rows.flatMap(({ id, state }) => (state === "resolved" ? [id] : []));
    const recorder = new Recorder(ctx, belongs, crowds, await store.liveSuppressions(ctx.db, now), await store.resolvedAt(ctx.db, resolved));
    for (const row of rows) {
      recorder.rowsOf(row.ruleId, row.entityKey).push(row);
      recorder.before.set(row.id, row);
    }
    return recorder;
  }

  add({ rule, group, source }: Match): void {
    const own = this.home(rule, group.entity, group);
    const crowded = own === null && (this.crowds.get(rule.id) ?? 0) >= ENTITIES_A_RULE;
    const entity = crowded ? MANY : group.entity;
    const known = crowded ? this.home(rule, MANY, group) : own;
    const row = known === null ? this.open(rule, entity, { group, source }) : this.own(known);
    const news = known === null ? [] : newsIn(row, rule, group);
    addToEvidence(row.evidence, group);
    row.sources = withSource(row.sources, source);
    row.count += group.count;
    row.rule = rule;
    row.level = rule.level;
    row.firstSeen = earliest(row.firstSeen, new Date(group.first));
    row.lastSeen = latest(row.lastSeen, new Date(group.last));
    row.title = sentence(rule, entity, row.count, row.evidence.tallies);
    row.changedAt = this.ctx.now();
    if (known !== null) this.join(row, news, group);
    this.suppress(row, group.count);
  }

  async save(): Promise<Recorded> {
    const { db } = this.ctx;
    const rows = [...this.touched.values()];
    await store.upsertFindings(db, rows.map((row) => ({ ...row, version: versionAfter(this.before.get(row.id), row) })));
    await store.insertEvents(db, this.events);
    for (const [id, count] of this.hidden) await store.countHidden(db, id, count);
    const pick = (ids: ReadonlySet<string>): FindingRow[] => rows.filter(({ id }) => ids.has(id));
    const hidden = rows.filter(({ id, suppressedBy }) => suppressedBy !== null && this.before.get(id)?.suppressedBy === null);
    return { opened: pick(this.opened), reopened: pick(this.reopened), hidden, changed: rows };
  }

  private rowsOf(rule: string, entity: string): FindingRow[] {
    const cell = cellOf(rule, entity);
    const rows = this.cells.get(cell) ?? [];
    this.cells.set(cell, rows);
    return rows;
  }

  private home(rule: RuleSummary, entity: Entity, group: Match["group"]): FindingRow | null {
    return homeOf(this.rowsOf(rule.id, entity.key), group, this.ctx.now(), this.resolvedAt);
  }

  /** The finding as a copy of this batch's own, which replaces the loaded one. */
  private own(row: FindingRow): FindingRow {
    if (this.touched.has(row.id)) return row;
    const copy = { ...row, evidence: structuredClone(row.evidence) };
    const rows = this.rowsOf(row.ruleId, row.entityKey);
    rows[rows.indexOf(row)] = copy;
    this.touched.set(row.id, copy);
    return copy;
  }

  private open(rule: RuleSummary, entity: Entity, { group, source }: Omit<Match, "rule">): FindingRow {
    const now = this.ctx.now();
    const whose = this.belongs({ entity, accounts: Object.keys(group.tallies.accounts) });
    const { priority, why } = priorityOf(rule.level, whose.environment, whose.tier);
    const id = fingerprint(rule.id, entity.key, group.hour);
    this.opened.add(id);
    this.crowds.set(rule.id, (this.crowds.get(rule.id) ?? 0) + 1);
    this.note(id, "opened", `Opened by ${rule.title}`, { level: rule.level, priority });
    const row: FindingRow = {
      id, ruleId: rule.id, rule, entityKind: entity.kind, entityKey: entity.key, entityName: entity.name, title: "", level: rule.level, count: 0, firstSeen: new Date(group.first), lastSeen: new Date(group.last),
      windowStart: new Date(group.hour), sources: withSource([], source), evidence: emptyEvidence(), news: [], state: "open", priority, priorityWhy: why, owner: null, team: whose.team, service: whose.service, environment: whose.environment,
      dueAt: dueAt(priority, now), acceptedUntil: null, duplicateOf: null, labels: [], links: [], suppressedBy: null, openedAt: now, changedAt: now, version: 1,
    };
    this.touched.set(id, row);
    const rows = this.rowsOf(rule.id, entity.key);
    rows.push(row);
    rows.sort((a, b) => b.windowStart.getTime() - a.windowStart.getTime());
    return row;
  }

  private join(row: FindingRow, news: readonly string[], group: Match["group"]): void {
    const now = this.ctx.now();
    if (news.length > 0) this.note(row.id, "news", news.join(", "), { news });
    row.news = [...new Set([...row.news, ...news])];
    const expired = row.state === "accepted" && isOver(row, now);
    const again = row.state === "resolved" && isSince(group.last, this.resolvedAt.get(row.id));
    if (!again && !expired) return;
    const why = expired ? "The acceptance has expired and it matched again" : "It matched again after it was resolved";
    this.note(row.id, "regression", why, { from: row.state, to: "open", count: group.count });
    Object.assign(row, { state: "open", acceptedUntil: null, openedAt: now, dueAt: dueAt(row.priority, now), news: [...new Set([...row.news, "regression"])] } satisfies Partial<FindingRow>);
    this.reopened.add(row.id);
  }

  private suppress(row: FindingRow, count: number): void {
    const by = this.suppressions.find((each) => isSuppressed(each, row));
    if (by) this.hidden.set(by.id, (this.hidden.get(by.id) ?? 0) + count);
    if (row.suppressedBy === (by?.id ?? null)) return;
    row.suppressedBy = by?.id ?? null;
    this.note(row.id, "suppressed", by ? `Hidden: ${by.reason}` : "No longer hidden", { suppression: by?.id ?? null });
  }

  private note(finding: string, kind: string, text: string, detail: Record<string, unknown>): void {
    this.events.push({ finding, at: this.ctx.now(), actor: this.ctx.actor, kind, text, detail });
  }
}

/** Whether a suppression hides a finding: every part of its scope that is given must fit. */
export function isSuppressed({ rule, entity, account }: Pick<SuppressionRow, "rule" | "entity" | "account">, row: Pick<FindingRow, "ruleId" | "entityKey" | "evidence">): boolean {
  if (rule !== null && rule !== row.ruleId) return false;
  if (entity !== null && entity !== row.entityKey) return false;
  return account === null || account in row.evidence.tallies.accounts;
}

/** Each rule and entity that matches are of, with the hours of these; and each rule's crowd. */
function cellsOf(matches: readonly Match[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { rule, group } of matches) {
    const at = new Date(group.hour);
    for (const entity of [group.entity.key, MANY.key]) {
      const known = cells.get(cellOf(rule.id, entity));
      if (known === undefined) cells.set(cellOf(rule.id, entity), { rule: rule.id, entity, first: at, last: at });
      else Object.assign(known, { first: earliest(known.first, at), last: latest(known.last, at) });
    }
  }
  return [...cells.values()];
}

/** Only what bears on a decision is another version: whoever closes a finding need not look again because it was counted once more. */
function versionAfter(before: FindingRow | undefined, { state, news, suppressedBy, level }: FindingRow): number {
  if (before === undefined) return 1;
  const same = before.state === state && before.suppressedBy === suppressedBy && before.level === level && before.news.length === news.length;
  return before.version + (same ? 0 : 1);
}

function isSince(time: string, other: Date | undefined): boolean {
  return other === undefined || Date.parse(time) >= other.getTime();
}

const cellOf = (rule: string, entity: string): string => JSON.stringify([rule, entity]);
const earliest = (a: Date, b: Date): Date => (a < b ? a : b);
const latest = (a: Date, b: Date): Date => (a > b ? a : b);
