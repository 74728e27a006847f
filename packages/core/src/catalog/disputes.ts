import { placeText, type Claim, type Problem, type Service } from "./catalog.ts";

/** Things that two teams claim in the same words. Each is a problem that names both places; `ownerOf` will answer with a conflict. */
export function disputes(services: readonly Service[]): Problem[] {
  const first = new Map<string, { service: Service; claim: Claim }>();
  const problems: Problem[] = [];
  for (const service of services) {
    for (const claim of service.claims) {
      const others = keysOf(service, claim).map((key) => {
        const known = first.get(key);
        if (known === undefined) first.set(key, { service, claim });
        return known;
      });
      const other = others.find((known) => known !== undefined && known.service.team !== service.team);
      if (other === undefined) continue;
      problems.push({
        ...claim.place,
        message: `The ${claim.kind} ${claim.pattern} has two owners: ${service.ref} here, and ${other.service.ref} at ${placeText(other.claim.place)}.`,
        hint: "Leave it with one of them; until then its findings go to the security team.",
      });
    }
  }
  return problems;
}

/** Roles and namespaces are claimed within the accounts of their service, where it names any. */
function keysOf(service: Service, { kind, pattern }: Claim): string[] {
  const accounts = service.claims.filter((claim) => claim.kind === "account").map((claim) => claim.pattern);
  if (kind === "account" || kind === "repository" || accounts.length === 0) return [`${kind} ${pattern}`];
  return accounts.map((account) => `${kind} ${pattern} in ${account}`);
}
