import { FindingFilter } from "@corduroy/contract";
import { closeFinding, emptyTally, isActive, listFindings, recordMatches, TALLIED, type Belongs, type FindingLine, type Match, type Recorded, type RuleSummary, type Tallied, type Tally } from "../../findings/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { allCollectors, type CollectorRow } from "../collect/store.ts";
import { HOUR_MS } from "./rhythm.ts";
import { silences } from "./silences.ts";

const QUIET_RULE: RuleSummary = {
  id: "corduroy.source-quiet",
  title: "A source went quiet",
  level: "high",
  tags: [],
  description: "This source has sent nothing for longer than its own rhythm explains. While it is silent, no rule sees what happens there; switching a log off is also what an intruder does first.",
  falsepositives: ["A holiday, or a system that was shut down on purpose.", "Maintenance of what sends or collects the events."],
  references: [],
  check: ["Look whether what writes the log still writes it, and whether somebody has changed that.", "Look at what brings the events here: its own log, its credentials, its network.", "Send an event by hand, and see whether it arrives."],
  respond: ["Bring the events back, and have what was missed sent again: what is known already is not stored twice.", "Where the source is gone for good, close this as a false positive; where it rests for a while, accept it until then."],
};
const COLLECTOR_RULE: RuleSummary = {
  id: "corduroy.collector-fails",
  title: "A collector fails",
  level: "high",
  tags: [],
  description: "This collector has taken nothing in for an hour, and says why.",
  falsepositives: ["Maintenance of the account that it collects from."],
  references: [],
  check: ["Read what it says, and try the same with its credentials."],
  respond: ["Give it back what it is missing, or pause it. What waits for it is collected when it goes on."],
};

/** Whether findings of this rule are about what brings events in, and no event is behind them. */
export function isSourceTrouble(ruleId: string): boolean {
  return ruleId === QUIET_RULE.id || ruleId === COLLECTOR_RULE.id;
}

/** What watching the sources needs of the rest of the service. */
export interface SourceWatch {
  belongs: Belongs;
  /** Runs in the transaction that has touched findings. */
  onFindings: (ctx: DbCtx, recorded: Recorded) => Promise<void>;
  /** Runs in the transaction that has closed one. */
  onClosed: (ctx: DbCtx, finding: string) => Promise<void>;
  /** Gets the findings that have changed, once that is so. */
  onChanged: (findings: readonly string[]) => void;
  /** Whether what was received waits to be taken in. */
  isBehind: () => boolean;
  /** When this process began to take in: silence from before may be ours. */
  runningSince: Date;
}

/** For so long after the start nothing is called quiet: senders find their way back. */
const SETTLING_MS = HOUR_MS;
/** For so long a collector may have trouble: most of it is over by itself. */
const FAILING_MS = HOUR_MS;

/** Something that is wrong, or was. */
interface Trouble {
  rule: RuleSummary;
  entity: Match["group"]["entity"];
  /** Which one it is about, or what the collector brings; null where that is not known any more. */
  source: string | null;
  /** Since when it is so, or was so last. */
  since: Date;
  /** Why it is over; null while it is not. */
  over: string | null;
}

/**
 * Raises a finding about each source that is silent for longer than its rhythm explains, and about each collector that fails; keeps them up to date while that lasts, and resolves
 * them when it is over. Due every five minutes.
 */
export async function watchSources(ctx: DbCtx, watch: SourceWatch): Promise<void> {
  const now = ctx.now();
  const collectors = await allCollectors(ctx.db);
  const known = await knownFindings(ctx);
  const troubles = [...(await quietSources(ctx, collectors, watch)), ...collectors.map((each) => collectorTrouble(each, now)), ...removed(collectors, known)];
  const changed = await inTransaction(ctx, async (inside) => {
    const matches = troubles.filter((each) => each.over === null && isNews(each, known.get(cellOf(each)), now)).map((each) => matchOf(each, known.get(cellOf(each)), now));
    const recorded = matches.length === 0 ? null : await recordMatches(inside, matches, watch.belongs);
    if (recorded !== null) await watch.onFindings(inside, recorded);
    const closed = await closeWhatIsOver(inside, troubles, known, watch);
    return [...(recorded?.changed ?? []).map(({ id }) => id), ...closed];
  });
  if (changed.length > 0) watch.onChanged(changed);
}

/** What is said of each source: a silence that a failing collector explains, or we ourselves, is none. */
async function quietSources(ctx: DbCtx, collectors: readonly CollectorRow[], { isBehind, runningSince }: SourceWatch): Promise<Trouble[]> {
  const now = ctx.now();
  const mayBeOurs = isBehind() || now.getTime() - runningSince.getTime() < SETTLING_MS;
  const failing = new Set(collectors.flatMap(({ source, paused, problem }) => (!paused && problem !== null ? [source] : [])));
  return [...(await silences(ctx.db, now))].flatMap(([source, silence]) => {
    if (silence.state === "learning" || (silence.state === "quiet" && (mayBeOurs || failing.has(source)))) return [];
    const since = new Date(silence.since);
    return { rule: QUIET_RULE, entity: { kind: "resource", key: `source:${source}`, name: source }, source, since, over: silence.state === "quiet" ? null : `It speaks again: events came at ${momentOf(since)}.` };
  });
}

function collectorTrouble({ id, source, url, paused, problem, lastSuccessAt, createdAt }: CollectorRow, now: Date): Trouble {
  const since = lastSuccessAt ?? createdAt;
  const over = paused ? "It was paused." : problem === null ? `It collects again: ${momentOf(since)}.` : now.getTime() - since.getTime() < FAILING_MS ? `It has collected again at ${momentOf(since)}.` : null;
  return { rule: { ...COLLECTOR_RULE, description: `${COLLECTOR_RULE.description}${problem === null ? "" : ` ${problem}`}` }, entity: { kind: "resource", key: `collector:${id}`, name: `${source} from ${url}` }, source, since, over };
}

/** Collectors that there are findings about, and that were removed. */
function removed(collectors: readonly CollectorRow[], known: ReadonlyMap<string, FindingLine>): Trouble[] {
  const there = new Set(collectors.map(({ id }) => `collector:${id}`));
  const gone = [...known.values()].filter(({ ruleId, entityKey }) => ruleId === COLLECTOR_RULE.id && !there.has(entityKey));
  return gone.map(({ entityKind, entityKey, entityName, sources, lastSeen }) => ({ rule: COLLECTOR_RULE, entity: { kind: entityKind, key: entityKey, name: entityName }, source: sources?.[0] ?? null, since: lastSeen, over: "It was removed." }));
}

/** The newest finding of each rule and entity. */
async function knownFindings(ctx: DbCtx): Promise<Map<string, FindingLine>> {
  const known = new Map<string, FindingLine>();
  for (const { id: rule } of [QUIET_RULE, COLLECTOR_RULE]) {
    const { items } = await listFindings(ctx, FindingFilter.parse({ rule, state: "all", suppressed: "all" }), { limit: 1_000 });
    for (const line of items.toSorted((a, b) => a.lastSeen.getTime() - b.lastSeen.getTime())) known.set(`${rule} ${line.entityKey}`, line);
  }
  return known;
}

const cellOf = ({ rule, entity }: Pick<Trouble, "rule" | "entity">): string => `${rule.id} ${entity.key}`;

/** Whether a trouble is to be told: a new one; one that goes on, once an hour; and one that was resolved an hour ago, and is not over. What was accepted, or is no trouble, is left alone. */
function isNews(trouble: Trouble, known: FindingLine | undefined, now: Date): boolean {
  if (!isOf(known, trouble)) return true;
  const last = isActive(known.state) ? known.lastSeen : known.state === "resolved" ? known.changedAt : now;
  return now.getTime() - last.getTime() >= HOUR_MS;
}

/** Whether a finding is about this very trouble, and not about an earlier one of its kind. */
function isOf(known: FindingLine | undefined, { since }: Trouble): known is FindingLine {
  return known !== undefined && known.lastSeen > since;
}

/** All of one trouble stands in the hour in which it began, so that it is one finding for as long as it lasts; and it counts once. */
function matchOf(trouble: Trouble, known: FindingLine | undefined, now: Date): Match {
  const { rule, entity, source, since } = trouble;
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  const hour = new Date(Math.floor(since.getTime() / HOUR_MS) * HOUR_MS).toISOString();
  return { rule, group: { entity, hour, count: isOf(known, trouble) ? 0 : 1, first: since.toISOString(), last: now.toISOString(), tallies, samples: [] }, source };
}

/** @returns findings that were closed */
async function closeWhatIsOver(ctx: DbCtx, troubles: readonly Trouble[], known: ReadonlyMap<string, FindingLine>, watch: SourceWatch): Promise<string[]> {
  const closed: string[] = [];
  for (const trouble of troubles) {
    const line = known.get(cellOf(trouble));
    if (trouble.over === null || line === undefined || !isActive(line.state)) continue;
    // A source speaks again when it has; that its silence looks shorter beside what is remembered by now is no news.
    if (trouble.rule.id === QUIET_RULE.id && isOf(line, trouble)) continue;
    await closeFinding(ctx, line.id, { version: line.version, as: "resolved", reason: trouble.over });
    await watch.onClosed(ctx, line.id);
    closed.push(line.id);
  }
  return closed;
}

function momentOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
