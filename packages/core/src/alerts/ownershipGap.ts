import { FindingFilter } from "@corduroy/contract";
import { emptyTally, listFindings, recordMatches, TALLIED, type Entity, type FindingRow, type Match, type RuleSummary, type Tallied, type Tally } from "../findings/index.ts";
import type { DbCtx } from "../store/index.ts";
import type { AlertSetup } from "./schemas.ts";

const OWNERSHIP_RULE: RuleSummary = {
  id: "corduroy.ownership",
  title: "Nobody answers for it",
  level: "medium",
  tags: [],
  description: "Something happened here that a person should decide about, and the catalog does not say whose it is: nobody claims it, or more than one team does. The security team was told instead.",
  falsepositives: [],
  references: [],
  check: ["Find out which team runs it.", "Look whether the catalog has a problem that hides its owner."],
  respond: ["Add it to the catalog-info.yaml of the service that it belongs to, or remove the claim of all teams but one."],
};

/** Whether findings of this rule are about the catalog, and no event is behind them. */
export function isOwnershipGap(ruleId: string): boolean {
  return ruleId === OWNERSHIP_RULE.id;
}

const HOUR_MS = 3_600_000;
/** Accounts of one finding that are told of one by one. */
const MOST_ACCOUNTS = 10;

/**
 * Raises a finding for whatever has no owner: the role, or each account. Once an entity: nothing is added while somebody still has to decide about the last one, or has
 * accepted it. Without a catalog there are no gaps in it.
 * @param rows findings that somebody is told of
 * @returns findings that were opened or added to
 */
export async function raiseGaps(ctx: DbCtx, rows: readonly FindingRow[], { belongs }: Pick<AlertSetup, "belongs">): Promise<string[]> {
  const gaps = new Map<string, { entity: Entity; account: string | null }>();
  for (const row of rows) if (!isOwnershipGap(row.ruleId)) for (const gap of gapsOf(row, belongs)) gaps.set(gap.entity.key, gap);
  const matches: Match[] = [];
  for (const gap of gaps.values()) if (!(await isKnown(ctx, gap.entity.key))) matches.push(matchOf(gap, ctx.now()));
  if (matches.length === 0) return [];
  const { changed } = await recordMatches(ctx, matches, belongs);
  return changed.map(({ id }) => id);
}

function gapsOf(row: FindingRow, belongs: AlertSetup["belongs"]): { entity: Entity; account: string | null }[] {
  const entity: Entity = { kind: row.entityKind, key: row.entityKey, name: row.entityName };
  const accounts = Object.keys(row.evidence.tallies.accounts).sort();
  if (belongs({ entity, accounts }).unclear === null) return [];
  if (entity.kind === "role") return [{ entity, account: accounts[0] ?? null }];
  const each = accounts.map((account) => ({ entity: { kind: "account", key: `account:${account}`, name: account } satisfies Entity, account }));
  return each.filter((gap) => belongs({ entity: gap.entity, accounts: [gap.account] }).unclear !== null).slice(0, MOST_ACCOUNTS);
}

async function isKnown(ctx: DbCtx, entity: string): Promise<boolean> {
  const { items } = await listFindings(ctx, FindingFilter.parse({ rule: OWNERSHIP_RULE.id, entity, state: "all", suppressed: "all" }), { limit: 200 });
  return items.some(({ state }) => state !== "resolved");
}

function matchOf({ entity, account }: { entity: Entity; account: string | null }, now: Date): Match {
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  if (account !== null) tallies.accounts[account] = 1;
  const time = now.toISOString();
  return { rule: OWNERSHIP_RULE, group: { entity, hour: new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS).toISOString(), count: 1, first: time, last: time, tallies, samples: [] }, source: null };
}
