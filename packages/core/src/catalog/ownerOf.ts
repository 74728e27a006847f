import { nameMatcher } from "@corduroy/sigma";
import { CLAIM_KINDS, placeText, type Catalog, type Claim, type Environment, type Place, type Service } from "./catalog.ts";

/** What is known of where something happened, or of what it happened to. */
export interface Whereabouts {
  /** AWS account, 12 digits. */
  account?: string;
  /** The role's name, without path, account and session. */
  role?: string;
  /** Kubernetes namespace. */
  namespace?: string;
  /** `owner/name`. */
  repository?: string;
}

/** A claim that stands against others of the same weight. */
export interface Conflict {
  service: string;
  team: string | null;
  place: Place;
}

export interface Ownership {
  /** Null when nobody claims it, or several services of one team do. */
  service: string | null;
  /** Null when nobody claims it, when its owner is missing, and when teams disagree: the security team is told. */
  team: string | null;
  environment: Environment | null;
  tier: number | null;
  /** The annotation that decided, with its place; null when none did. */
  why: string | null;
  /** All claims of the deciding weight when their teams disagree; else empty. */
  conflicts: Conflict[];
}

interface Match {
  service: Service;
  claim: Claim;
  /** Compared from left to right; higher is more specific. */
  weight: readonly number[];
}

/**
 * Who answers for something. The most specific claim decides:
 *
 * 1. repository, then Kubernetes namespace, then role, then account;
 * 2. among roles, a whole name, then the pattern with more characters besides `*`;
 * 3. a service that names the account, then one that names none. Where the account is known, roles and namespaces of a service that
 *    names only other accounts are not meant.
 *
 * Claims of the same weight by different teams are a conflict: nobody is guessed. The environment is that of the most specific claim whose
 * service states one, so that an account's environment holds for the roles in it.
 */
export function ownerOf(catalog: Catalog, where: Whereabouts): Ownership {
  const matches = catalog.services.flatMap((service) => service.claims.flatMap((claim) => matchOf(service, claim, where) ?? []));
  const ranks = rankedBySpecificity(matches);
  const deciding = ranks[0] ?? [];
  const services = deciding.map(({ service }) => service);
  const disagree = new Set(services.map(({ team }) => team)).size > 1;
  return {
    service: agreed(services.map(({ ref }) => ref)),
    team: agreed(services.map(({ team }) => team)),
    environment: agreed((ranks.map(statedEnvironments).find((stated) => stated.length > 0)) ?? []),
    tier: agreed(services.map(({ tier }) => tier)),
    why: deciding[0] === undefined ? null : deciding.map(({ claim }) => `${claim.annotation} names ${claim.pattern} (${placeText(claim.place)})`).join(", and "),
    conflicts: disagree ? deciding.map(({ service, claim }) => ({ service: service.ref, team: service.team, place: claim.place })) : [],
  };
}

function matchOf(service: Service, claim: Claim, where: Whereabouts): Match | undefined {
  const value = claim.kind === "repository" ? where.repository?.toLowerCase() : where[claim.kind];
  if (value === undefined) return undefined;
  if (claim.kind === "role" ? !nameMatcher(claim.pattern)(value) : claim.pattern !== value) return undefined;
  const accounts = service.claims.filter(({ kind }) => kind === "account").map(({ pattern }) => pattern);
  const named = where.account !== undefined && accounts.includes(where.account);
  const inAccount = claim.kind === "role" || claim.kind === "namespace";
  if (inAccount && where.account !== undefined && accounts.length > 0 && !named) return undefined;
  const whole = claim.pattern.includes("*") ? 0 : 1;
  const literal = claim.pattern.replaceAll("*", "").length;
  return { service, claim, weight: [-CLAIM_KINDS.indexOf(claim.kind), whole, literal, inAccount && named ? 1 : 0] };
}

/** Most specific first; claims of one weight together, in the order of their services' names. */
function rankedBySpecificity(matches: readonly Match[]): Match[][] {
  const ordered = [...matches].sort((a, b) => compareWeights(b, a) || (a.service.ref < b.service.ref ? -1 : a.service.ref > b.service.ref ? 1 : 0));
  const ranks: Match[][] = [];
  for (const match of ordered) {
    const rank = ranks.at(-1);
    if (rank?.[0] !== undefined && compareWeights(rank[0], match) === 0) rank.push(match);
    else ranks.push([match]);
  }
  return ranks;
}

function compareWeights(a: Match, b: Match): number {
  const differing = a.weight.findIndex((each, index) => each !== b.weight[index]);
  return differing < 0 ? 0 : (a.weight[differing] ?? 0) - (b.weight[differing] ?? 0);
}

function statedEnvironments(rank: readonly Match[]): Environment[] {
  return rank.flatMap(({ service }) => service.environment ?? []);
}

/** The value that all share; null when they do not, or there are none. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  return new Set(values).size === 1 ? (values[0] ?? null) : null;
}
