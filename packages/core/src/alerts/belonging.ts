import { ownerOf, type Catalog, type Ownership } from "../catalog/index.ts";
import type { Belonging, Belongs } from "../findings/index.ts";

const NOBODY: Belonging = { team: null, service: null, environment: "unknown", tier: null, unclear: null };

/**
 * Whose things findings happen to, by a catalog. Told from the accounts of a finding, and from the role where it is about one. The answer is the one that all its accounts
 * agree on; where they do not, nobody is guessed. A catalog without services has nothing to say, and leaves nothing unclear.
 */
export function belongsBy(catalog: Catalog | null): Belongs {
  return ({ entity, accounts }) => {
    if (catalog === null || catalog.services.length === 0) return NOBODY;
    const role = entity.kind === "role" ? entity.name : null;
    const known = new Set([...accounts, ...(entity.kind === "account" ? [entity.name] : [])]);
    const places = [...(known.size === 0 ? [null] : known)].map((account) => ({ account, ...ownerOf(catalog, { ...(account !== null && { account }), ...(role !== null && { role }) }) }));
    const tiers = places.flatMap(({ tier }) => tier ?? []);
    const team = agreed(places.map((place) => place.team));
    return {
      team: team === null ? null : nameOf(team),
      service: nullable(agreed(places.map(({ service }) => service)), nameOf),
      // One account in production is enough to be woken for.
      environment: places.some(({ environment }) => environment === "production") ? "production" : (agreed(places.map(({ environment }) => environment)) ?? "unknown"),
      tier: tiers.length === 0 ? null : String(Math.min(...tiers)),
      unclear: team === null ? whyUnclear(places, role) : null,
    };
  };
}

/** A reference as people say it: `group:default/payments` is `payments`, one of another namespace `namespace/payments`. */
export function nameOf(ref: string): string {
  return ref.replace(/^[^:]*:/, "").replace(/^default\//, "");
}

function whyUnclear(places: readonly (Ownership & { account: string | null })[], role: string | null): string {
  const disputed = places.find(({ conflicts }) => conflicts.length > 0);
  if (disputed) return `Claimed by more than one team: ${[...new Set(disputed.conflicts.map(({ service, team }) => `${nameOf(service)} of ${team === null ? "nobody" : nameOf(team)}`))].join(", ")}.`;
  const orphan = places.find(({ team }) => team === null);
  if (!orphan) return "Its accounts belong to several teams.";
  if (orphan.why !== null) return `${orphan.why}, and has no owner.`;
  const things = [...(role === null ? [] : [`the role ${role}`]), ...(orphan.account === null ? [] : [`the account ${orphan.account}`])];
  return things.length === 0 ? "It names neither an account nor a role." : `Nobody claims ${things.join(" or ")}.`;
}

/** The value that all share; null when they do not. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  return new Set(values).size === 1 ? (values[0] ?? null) : null;
}

function nullable<T>(value: string | null, map: (value: string) => T): T | null {
  return value === null ? null : map(value);
}
