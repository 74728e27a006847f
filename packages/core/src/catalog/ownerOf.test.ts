import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Catalog, Claim, Service } from "./catalog.ts";
import { ownerOf, type Whereabouts } from "./index.ts";
import { fullReference } from "./reference.ts";
import { document, load } from "./test/catalogFolder.ts";

const TEAMS = document("Group", "payments", ["type: team"]) + document("Group", "search", ["type: team"]) + document("Group", "platform", ["type: team"]);

async function catalogOf(...documents: string[]): Promise<Catalog> {
  return (await load(TEAMS + documents.join(""))).catalog;
}

describe("the owner", () => {
  it("is that of the most specific claim, and the environment that of the most specific that states one", async () => {
    const catalog = await catalogOf(
      document("Resource", "production", ["owner: platform"], ['corduroy.dev/aws-accounts: "111122223333"', "corduroy.dev/environment: production"]),
      document("Component", "checkout", ["owner: payments", "tier: 1"], ['corduroy.dev/role-names: "checkout-*"', "corduroy.dev/kubernetes-namespaces: checkout", "github.com/project-slug: acme/checkout"]),
      document("Component", "index", ["owner: search"], ['corduroy.dev/role-names: "checkout-index-*, exact"']),
    );
    const answer = (where: Whereabouts): unknown[] => {
      const { service, team, environment, tier, conflicts } = ownerOf(catalog, where);
      return [service, team, environment, tier, conflicts.length];
    };
    const account = "111122223333";
    expect(answer({ account })).toEqual(["resource:default/production", "group:default/platform", "production", null, 0]);
    expect(answer({ account, role: "checkout-api" })).toEqual(["component:default/checkout", "group:default/payments", "production", 1, 0]);
    expect(answer({ account, role: "checkout-index-1" })).toEqual(["component:default/index", "group:default/search", "production", null, 0]);
    expect(answer({ account, role: "unknown" })).toEqual(["resource:default/production", "group:default/platform", "production", null, 0]);
    expect(answer({ role: "exact", namespace: "checkout" })[0]).toBe("component:default/checkout");
    expect(answer({ role: "exact", repository: "Acme/Checkout" })[0]).toBe("component:default/checkout");
    expect(answer({ account: "999999999999" })).toEqual([null, null, null, null, 0]);
    expect(answer({})).toEqual([null, null, null, null, 0]);
    expect(ownerOf(catalog, { account, role: "checkout-api" }).why).toMatch(/^corduroy\.dev\/role-names names checkout-\* \(.*catalog-info\.yaml:\d+:\d+\)$/);
  });

  it("is nobody when two teams claim it: both are named, and nothing is guessed", async () => {
    const claim = ['corduroy.dev/aws-accounts: "111122223333"'];
    const catalog = await catalogOf(document("Component", "a", ["owner: payments"], [...claim, "corduroy.dev/environment: staging"]), document("Component", "b", ["owner: search"], claim));
    expect(ownerOf(catalog, { account: "111122223333" })).toMatchObject({
      service: null,
      team: null,
      environment: "staging",
      conflicts: [
        { service: "component:default/a", team: "group:default/payments", place: { line: 28, column: 32 } },
        { service: "component:default/b", team: "group:default/search", place: { line: 38, column: 32 } },
      ],
    });
  });

  it("is the team when two of its services claim it", async () => {
    const claim = ['corduroy.dev/aws-accounts: "111122223333"'];
    const catalog = await catalogOf(document("Component", "a", ["owner: payments"], claim), document("Component", "b", ["owner: payments"], claim));
    expect(ownerOf(catalog, { account: "111122223333" })).toMatchObject({ service: null, team: "group:default/payments", conflicts: [] });
  });

  it("of a role depends on the account, where services name theirs", async () => {
    const catalog = await catalogOf(
      document("Component", "a", ["owner: payments"], ["corduroy.dev/role-names: deploy", 'corduroy.dev/aws-accounts: "111122223333"']),
      document("Component", "b", ["owner: search"], ["corduroy.dev/role-names: deploy", 'corduroy.dev/aws-accounts: "444455556666"']),
      document("Component", "c", ["owner: platform"], ["corduroy.dev/role-names: deploy"]),
    );
    const team = (account?: string): string | null => ownerOf(catalog, account === undefined ? { role: "deploy" } : { account, role: "deploy" }).team;
    expect([team("111122223333"), team("444455556666"), team("999999999999"), team()]).toEqual(["group:default/payments", "group:default/search", "group:default/platform", null]);
  });
});

describe("a reference", () => {
  it.each([
    ["payments", "group:default/payments"],
    [" Payments ", "group:default/payments"],
    ["other/payments", "group:other/payments"],
    ["Group:Default/Payments", "group:default/payments"],
    ["user:anna", "user:default/anna"],
    ["group:a/b/c", undefined],
    ["a b", undefined],
    ["", undefined],
  ])("%j is %j", (text, expected) => {
    expect(fullReference(text, "group")).toBe(expected);
  });
});

const accountsOf = (service: Service): string[] => service.claims.filter(({ kind }) => kind === "account").map(({ pattern }) => pattern);
/** How much of a pattern is fixed; whole names are ahead of all patterns. */
const size = (pattern: string): number => (pattern.includes("*") ? 0 : 1000) + pattern.split("*").join("").length;

/** The rules of docs/catalog.md, taken one after the other. */
function naiveOwner(catalog: Catalog, where: Whereabouts): { team: string | null; service: string | null; conflict: boolean } {
  const claimants = (kind: Claim["kind"], fits: (service: Service, pattern: string) => boolean): Service[] => catalog.services.filter((service) => service.claims.some((claim) => claim.kind === kind && fits(service, claim.pattern)));
  const namesIt = (service: Service): boolean => where.account !== undefined && accountsOf(service).includes(where.account);
  const elsewhere = (service: Service): boolean => where.account !== undefined && accountsOf(service).length > 0 && !namesIt(service);
  const { repository, namespace, role, account } = where;
  const steps: Service[][] = [];
  if (repository !== undefined) steps.push(claimants("repository", (_, pattern) => pattern === repository.toLowerCase()));
  if (namespace !== undefined) {
    const all = claimants("namespace", (service, pattern) => pattern === namespace && !elsewhere(service));
    steps.push(all.filter(namesIt), all);
  }
  if (role !== undefined) {
    const patterns = new Set(catalog.services.flatMap(({ claims }) => claims.filter(({ kind }) => kind === "role").map(({ pattern }) => pattern)));
    const fitting = [...patterns].filter((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(role));
    for (let length = 2000; length >= 0; length--) {
      const these = fitting.filter((pattern) => size(pattern) === length);
      if (these.length === 0) continue;
      const all = claimants("role", (service, pattern) => these.includes(pattern) && !elsewhere(service));
      steps.push(all.filter(namesIt), all);
    }
  }
  if (account !== undefined) steps.push(claimants("account", (_, pattern) => pattern === account));
  const deciding = steps.find((step) => step.length > 0) ?? [];
  const teams = new Set(deciding.map(({ team }) => team));
  return { team: teams.size === 1 ? (deciding[0]?.team ?? null) : null, service: deciding.length === 1 ? (deciding[0]?.ref ?? null) : null, conflict: teams.size > 1 };
}

it("agrees with the rules taken one after the other, whatever the order of the services", () => {
  const names = { account: ["111111111111", "222222222222", "333333333333"], role: ["ab", "a*", "*b", "a*b", "*"], namespace: ["shop", "web"], repository: ["acme/a", "acme/b"] };
  const claim = fc.constantFrom(...(Object.keys(names) as Claim["kind"][])).chain((kind) => fc.constantFrom(...names[kind]).map((pattern): Claim => ({ kind, pattern, annotation: kind, place: { file: "f", line: 1, column: 1 } })));
  const service = fc.record({ team: fc.constantFrom("x", "y", "z", null), claims: fc.array(claim, { maxLength: 4 }) });
  const services = fc.array(service, { maxLength: 6 }).map((list) => list.map(({ team, claims }, n): Service => ({ ref: `component:default/s${n}`, name: "", team, system: null, lifecycle: null, tier: null, environment: null, claims, place: { file: "f", line: 1, column: 1 } })));
  const where = fc.record({ account: fc.constantFrom(...names.account), role: fc.constantFrom("ab", "aab", "b", "c"), namespace: fc.constantFrom(...names.namespace), repository: fc.constantFrom("Acme/A", "acme/c") }, { requiredKeys: [] });
  fc.assert(
    fc.property(services, where, fc.nat(), (list, asked, turn) => {
      const catalog = { teams: [], people: [], services: list };
      const { team, service: owner, conflicts } = ownerOf(catalog, asked);
      expect({ team, service: owner, conflict: conflicts.length > 0 }).toEqual(naiveOwner(catalog, asked));
      const cut = list.length === 0 ? 0 : turn % list.length;
      const turned = ownerOf({ ...catalog, services: [...list.slice(cut), ...list.slice(0, cut)] }, asked);
      expect(turned).toEqual(ownerOf(catalog, asked));
    }),
    { numRuns: 5000 },
  );
});
