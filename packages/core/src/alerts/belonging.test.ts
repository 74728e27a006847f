import fc from "fast-check";
import { expect, it } from "vitest";
import type { Catalog, Service } from "../catalog/index.ts";
import type { Entity } from "../findings/index.ts";
import { belongsBy, nameOf } from "./index.ts";

const place = { file: "catalog-info.yaml", line: 1, column: 1 };
const service = (name: string, team: string | null, claims: [Service["claims"][number]["kind"], string][], more: Partial<Service> = {}): Service => ({
  ref: `component:default/${name}`, name, team: team === null ? null : `group:default/${team}`, system: null, lifecycle: null, tier: null, environment: null, claims: claims.map(([kind, pattern]) => ({ kind, pattern, annotation: `corduroy.dev/${kind}`, place })), place, ...more,
});
const catalog: Catalog = {
  teams: [],
  people: [],
  services: [
    service("production", "platform", [["account", "111122223333"]], { environment: "production" }),
    service("sandbox", "platform", [["account", "444455556666"]], { environment: "development" }),
    service("checkout", "payments", [["role", "checkout-*"]], { tier: 1 }),
    service("orphan", null, [["account", "777788889999"]]),
    service("disputed-a", "shop", [["role", "deploy"]]),
    service("disputed-b", "payments", [["role", "deploy"]]),
  ],
};
const belongs = belongsBy(catalog);
const dana: Entity = { kind: "user", key: "user:dana", name: "dana" };
const role = (name: string): Entity => ({ kind: "role", key: `role:${name}`, name });

it("goes by the account of a finding, and by the role it is about", () => {
  expect(belongs({ entity: dana, accounts: ["111122223333"] })).toEqual({ team: "platform", service: "production", environment: "production", tier: null, unclear: null });
  expect(belongs({ entity: role("checkout-api"), accounts: ["111122223333"] })).toEqual({ team: "payments", service: "checkout", environment: "production", tier: "1", unclear: null });
  expect(belongs({ entity: { kind: "account", key: "account:444455556666", name: "444455556666" }, accounts: [] })).toMatchObject({ team: "platform", environment: "development" });
});

it("takes what all accounts agree on, and production where one of them is", () => {
  expect(belongs({ entity: dana, accounts: ["111122223333", "444455556666"] })).toEqual({ team: "platform", service: null, environment: "production", tier: null, unclear: null });
});

it.each([
  ["nobody claims", dana, ["000000000000"], "Nobody claims the account 000000000000."],
  ["nobody claims, of two", dana, ["111122223333", "000000000000"], "Nobody claims the account 000000000000."],
  ["nobody claims, role or account", role("other"), ["000000000000"], "Nobody claims the role other or the account 000000000000."],
  ["has a service without an owner", dana, ["777788889999"], "corduroy.dev/account names 777788889999 (catalog-info.yaml:1:1), and has no owner."],
  ["two teams claim", role("deploy"), [], "Claimed by more than one team: disputed-a of shop, disputed-b of payments."],
  ["has no account", dana, [], "It names neither an account nor a role."],
])("guesses nobody for what %s", (_, entity, accounts, unclear) => {
  expect(belongs({ entity, accounts })).toMatchObject({ team: null, unclear });
});

it("says why accounts of several teams have no owner", () => {
  const mixed = belongsBy({ ...catalog, services: [service("a", "payments", [["account", "1"]]), service("b", "shop", [["account", "2"]])] });
  expect(mixed({ entity: dana, accounts: ["1", "2"] })).toMatchObject({ team: null, unclear: "Its accounts belong to several teams." });
});

it("finds nothing unclear without a catalog", () => {
  for (const none of [null, { teams: [], people: [], services: [] }]) expect(belongsBy(none)({ entity: dana, accounts: ["1"] })).toEqual({ team: null, service: null, environment: "unknown", tier: null, unclear: null });
});

it("either names a team or says why not, and does not depend on the order of accounts", () => {
  const accounts = fc.uniqueArray(fc.constantFrom("111122223333", "444455556666", "777788889999", "000000000000"));
  fc.assert(
    fc.property(accounts, fc.constantFrom(dana, role("checkout-api"), role("deploy"), role("other")), (some, entity) => {
      const answer = belongs({ entity, accounts: some });
      expect(answer.team === null).toBe(answer.unclear !== null);
      const { unclear: _a, ...there } = answer;
      const { unclear: _b, ...back } = belongs({ entity, accounts: [...some].reverse() });
      expect(there).toEqual(back);
    }),
  );
});

it.each([["group:default/payments", "payments"], ["group:shop/payments", "shop/payments"]])("calls %s %s", (ref, name) => expect(nameOf(ref)).toBe(name));
