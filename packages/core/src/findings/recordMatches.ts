import { inTransaction, type DbCtx } from "../store/index.ts";
import { emptyEvidence, addToEvidence, newsIn } from "./evidence.ts";
import { fingerprint, sentence } from "./finding.ts";
import type { SignalGroup } from "./group.ts";
import { dueAt, priorityOf, type Environment } from "./priority.ts";
import type { Entity, RuleSummary, SampleEvent } from "./schemas.ts";
import * as store from "./store.ts";
import type { NewEvent, FindingRow, SuppressionRow } from "./store.ts";
import { SPAN_HOURS, WINDOW_HOURS } from "./window.ts";

/** The matches of one rule by one entity within one hour, as a batch adds them up. */
export interface Match {
  rule: RuleSummary;
  group: Omit<SignalGroup<SampleEvent>, "rule">;
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
 * A match joins the newest finding of its rule and entity within the window. After a resolution it reopens that finding as a
 * regression; under an acceptance, a suppression or a false positive it is counted in silence, but what is new about it is noted.
 */
export async function recordMatches(ctx: DbCtx, matches: readonly Match[], belongs: Belongs): Promise<Recorded> {
  return inTransaction({ ...ctx, actor: SYSTEM }, async (inside) => {
    const recorder = await Recorder.load(inside, matches, belongs);
    for (const match of matches) recorder.add(match);
    return recorder.save();
  });
}

class Recorder {
  /** The newest finding of each rule and entity. */
  private readonly newest = new Map<string, FindingRow>();
  private readonly before = new Map<string, FindingRow>();
  private readonly events: NewEvent[] = [];
  private readonly opened = new Set<string>();
  private readonly reopened = new Set<string>();
  private readonly hidden = new Map<string, number>();

  private constructor(
    private readonly ctx: DbCtx,
    private readonly belongs: Belongs,
    private readonly crowds: Map<string, number>,
    private readonly suppressions: readonly SuppressionRow[],
  ) {}

  static async load(ctx: DbCtx, matches: readonly Match[], belongs: Belongs): Promise<Recorder> {
    const cells = matches.flatMap(({ rule, group }) => [[rule.id, group.entity.key], [rule.id, MANY.key]] as [string, string][]);
    const now = ctx.now();
    const crowds = await store.openedByRule(ctx.db, [...new Set(matches.map(({ rule }) => rule.id))], new Date(now.getTime() - WINDOW_HOURS * HOUR_MS));
    const recorder = new Recorder(ctx, belongs, crowds, await store.liveSuppressions(ctx.db, now));
    for (const row of await store.newestOf(ctx.db, cells)) {
      recorder.newest.set(cellOf(row.ruleId, row.entityKey), row);
      recorder.before.set(row.id, row);
    }
    return recorder;
  }

  add({ rule, group }: Match): void {
    const own = this.newest.get(cellOf(rule.id, group.entity.key));
    const joins = own && joinable(own, group.hour, this.ctx.now());
    const crowded = !joins && (this.crowds.get(rule.id) ?? 0) >= ENTITIES_A_RULE;
    const entity = crowded ? MANY : group.entity;
    const known = crowded ? this.newest.get(cellOf(rule.id, MANY.key)) : own;
    const same = known && joinable(known, group.hour, this.ctx.now()) ? known : null;
    const row = same ? { ...same, evidence: structuredClone(same.evidence) } : this.open(rule, entity, group);
    const news = same ? newsIn(row, rule, group) : [];
    addToEvidence(row.evidence, group);
    row.count += group.count;
    row.rule = rule;
    row.level = rule.level;
    row.firstSeen = earliest(row.firstSeen, new Date(group.first));
    row.lastSeen = latest(row.lastSeen, new Date(group.last));
    row.title = sentence(rule, entity, row.count, row.evidence.tallies);
    row.changedAt = this.ctx.now();
    if (same) this.join(row, same, news, group.count);
    this.suppress(row, group.count);
    this.newest.set(cellOf(rule.id, entity.key), row);
  }

  async save(): Promise<Recorded> {
    const { db } = this.ctx;
    const rows = [...this.newest.values()].filter((row) => this.before.get(row.id) !== row);
    await store.upsertFindings(db, rows.map((row) => ({ ...row, version: (this.before.get(row.id)?.version ?? 0) + 1 })));
    await store.insertEvents(db, this.events);
    for (const [id, count] of this.hidden) await store.countHidden(db, id, count);
    const pick = (ids: ReadonlySet<string>): FindingRow[] => rows.filter(({ id }) => ids.has(id));
    return { opened: pick(this.opened), reopened: pick(this.reopened), changed: rows };
  }

  private open(rule: RuleSummary, entity: Entity, group: Match["group"]): FindingRow {
    const now = this.ctx.now();
    const whose = this.belongs({ entity, accounts: Object.keys(group.tallies.accounts) });
    const { priority, why } = priorityOf(rule.level, whose.environment, whose.tier);
    const id = fingerprint(rule.id, entity.key, group.hour);
    this.opened.add(id);
    this.crowds.set(rule.id, (this.crowds.get(rule.id) ?? 0) + 1);
    this.note(id, "opened", `Opened by ${rule.title}`, { level: rule.level, priority });
    return {
      id, ruleId: rule.id, rule, entityKind: entity.kind, entityKey: entity.key, entityName: entity.name, title: "", level: rule.level, count: 0, firstSeen: new Date(group.first), lastSeen: new Date(group.last),
      windowStart: new Date(group.hour), evidence: emptyEvidence(), news: [], state: "open", priority, priorityWhy: why, owner: null, team: whose.team, service: whose.service, environment: whose.environment,
      dueAt: dueAt(priority, now), acceptedUntil: null, duplicateOf: null, labels: [], links: [], suppressedBy: null, openedAt: now, changedAt: now, version: 1,
    };
  }

  private join(row: FindingRow, before: FindingRow, news: readonly string[], count: number): void {
    const now = this.ctx.now();
    if (news.length > 0) this.note(row.id, "news", news.join(", "), { news });
    row.news = [...new Set([...row.news, ...news])];
    const expired = before.state === "accepted" && before.acceptedUntil !== null && before.acceptedUntil <= now;
    if (before.state !== "resolved" && !expired) return;
    const why = expired ? "The acceptance has expired and it matched again" : "It matched again after it was resolved";
    this.note(row.id, "regression", why, { from: before.state, to: "open", count });
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

/** Whether a match of this hour belongs to a finding. */
function joinable(row: FindingRow, hour: string, now: Date): boolean {
  if (row.state === "resolved" || (row.state === "accepted" && row.acceptedUntil !== null && row.acceptedUntil > now)) return true;
  const at = Date.parse(hour);
  const hours = Object.keys(row.evidence.hours).map((each) => Date.parse(each));
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  const inReach = at >= first - WINDOW_HOURS * HOUR_MS && at <= last + WINDOW_HOURS * HOUR_MS;
  return inReach && Math.max(last, at) - Math.min(first, at) < SPAN_HOURS * HOUR_MS;
}

const cellOf = (rule: string, entity: string): string => JSON.stringify([rule, entity]);
const earliest = (a: Date, b: Date): Date => (a < b ? a : b);
const latest = (a: Date, b: Date): Date => (a > b ? a : b);
