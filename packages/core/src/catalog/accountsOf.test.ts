import { expect, it } from "vitest";
import { accountsOf } from "./accountsOf.ts";
import type { Catalog, Service } from "./catalog.ts";

const place = { file: "catalog-info.yaml", line: 1, column: 1 };
const service = (name: string, team: string | null, environment: Service["environment"], ...accounts: string[]): Service => ({
  ref: `component:default/${name}`, name, team, system: null, lifecycle: null, tier: null, environment, place,
  claims: accounts.map((pattern) => ({ kind: "account" as const, pattern, annotation: "corduroy.dev/aws-accounts", place })),
});

it("gives each account its team and environment once, and to nobody what teams disagree about", () => {
  const services = [service("shop", "group:default/payments", "production", "222222222222", "111111111111"), service("ads", "group:default/ads", "staging", "222222222222"), service("lab", null, "development", "333333333333")];
  const catalog: Catalog = { teams: [], people: [], services };
  expect(accountsOf(catalog)).toEqual([
    { account: "111111111111", team: "group:default/payments", environment: "production" },
    { account: "222222222222", team: null, environment: null },
    { account: "333333333333", team: null, environment: "development" },
  ]);
});
