import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "./index.ts";
import { catalogFolder, document, load, TEAM } from "./test/catalogFolder.ts";

describe("a catalog", () => {
  it("is read with its teams, people and services", async () => {
    const { catalog, problems } = await load(
      [
        document("Group", "Payments", ["type: team", "profile:", "  displayName: Payments", "  email: payments@corp.example"], ["corduroy.dev/pagerduty: payments-oncall", 'corduroy.dev/slack: "payments, payments-low"']),
        document("Group", "engineering", ["type: department"]),
        document("User", "anna", ["memberOf: [payments, group:default/engineering]", "profile:", "  email: anna@corp.example"]),
        document("System", "shop", ["owner: payments"]),
        document("Component", "checkout", ["type: service", "lifecycle: production", "owner: group:default/payments", "system: shop", "tier: 1"], [
          'corduroy.dev/aws-accounts: "111122223333, 444455556666"',
          "corduroy.dev/environment: production",
          "corduroy.dev/kubernetes-namespaces: checkout",
          'corduroy.dev/role-names: "deploy-*, ci-*"',
          "github.com/project-slug: Acme/Checkout",
          "backstage.io/techdocs-ref: dir:.",
        ]),
        document("API", "ignored"),
      ].join(""),
    );
    expect(problems).toEqual([]);
    expect(catalog).toMatchObject({
      teams: [{ ref: "group:default/payments", name: "Payments", email: "payments@corp.example", routes: { pagerduty: ["payments-oncall"], slack: ["payments", "payments-low"] }, place: { line: 5, column: 9 } }],
      people: [{ ref: "user:default/anna", name: "anna", email: "anna@corp.example", teams: ["group:default/payments", "group:default/engineering"] }],
      services: [
        { ref: "system:default/shop", team: "group:default/payments", claims: [] },
        { ref: "component:default/checkout", team: "group:default/payments", system: "system:default/shop", lifecycle: "production", tier: 1, environment: "production" },
      ],
    });
    expect(catalog.services[1]?.claims.map(({ kind, pattern }) => `${kind} ${pattern}`)).toEqual(["account 111122223333", "account 444455556666", "role deploy-*", "role ci-*", "namespace checkout", "repository acme/checkout"]);
  });

  it("is found in folders, each file once, without links, hidden folders and packages", async () => {
    const folder = catalogFolder({ "b/catalog-info.yml": document("Group", "b", ["type: team"]), "a/deep/catalog-info.yaml": document("Group", "a", ["type: team"]), "node_modules/x/catalog-info.yaml": TEAM, ".git/catalog-info.yaml": TEAM, "a/other.yaml": TEAM });
    const { catalog, problems } = await loadCatalog([folder, join(folder, "b/catalog-info.yml"), join(folder, "a")]);
    expect([catalog.teams.map(({ name }) => name), problems]).toEqual([["a", "b"], []]);
  });

  it("may have documents without content", async () => {
    const { catalog, problems } = await load(`---\n# nothing here\n${TEAM}---\n`);
    expect([catalog.teams.length, problems]).toEqual([1, []]);
  });

  it.each(["spec.tier", "corduroy.dev/tier", "tier"])("takes the tier from %s", async (where) => {
    const component = document("Component", "x", ["owner: payments", ...(where === "spec.tier" ? ["tier: tier-2"] : [])]);
    const labelled = where === "spec.tier" ? component : component.replace("  name: x\n", `  name: x\n  labels:\n    ${where}: "2"\n`);
    expect((await load(TEAM + labelled)).catalog.services[0]?.tier).toBe(2);
  });
});

describe("what an author has to fix is told by line and column", () => {
  it.each([
    [["owner: paymets"], [], '7:10 There is no team "paymets" in the catalog.'],
    [["owner: group:other/payments"], [], '7:10 There is no team "group:other/payments" in the catalog.'],
    [["owner: user:default/anna"], [], '7:10 There is no team "user:default/anna" in the catalog.'],
    [["owner: division"], [], '7:10 The owner "division" is a department, not a team.'],
    [["type: service"], [], '5:9 The component "x" has no owner.'],
    [["owner: [payments]"], [], "7:10 owner must be a text."],
    [["owner: payments", "system: shop"], [], '8:11 There is no system "shop" in the catalog.'],
    [["owner: payments", "tier: 5"], [], '8:9 "5" is no tier.'],
    [["owner: payments"], ["corduroy.dev/aws-accounts: 111122223333"], "7:32 corduroy.dev/aws-accounts must be a text."],
    [["owner: payments"], ['corduroy.dev/aws-accounts: "1111, 222233334444"'], '7:32 "1111" is not an AWS account, which has 12 digits.'],
    [["owner: payments"], ['corduroy.dev/role-names: "*"'], '7:30 "*" is not the name of a role; * stands for any characters, and alone would take every role.'],
    [["owner: payments"], ["corduroy.dev/environment: prod"], '7:31 "prod" is no environment.'],
    [["owner: payments"], ['corduroy.dev/aws-account: "111122223333"'], '7:5 A component has no annotation "corduroy.dev/aws-account".'],
    [["owner: payments"], ["github.com/project-slug: https://github.com/acme/x"], '7:30 "https://github.com/acme/x" is not a repository, such as acme/payments.'],
    [["owner: payments", "owner: payments"], [], '8:3 The key "owner" stands here twice.'],
  ])("%j %j", async (spec, annotations, expected) => {
    const { catalog, problems } = await load(document("Component", "x", spec, annotations) + TEAM + document("Group", "division", ["type: department"]));
    expect(problems).toEqual([expected]);
    expect(catalog.services).toHaveLength(1);
  });

  it("for entities that are none, and the others are read", async () => {
    const { catalog, problems } = await load(["kind: Group\n", "apiVersion: backstage.io/v1alpha1\nkind: Gruop\n", "- a list\n", document("Group", "no space", ["type: team"]).slice(4), TEAM.slice(4), TEAM.slice(4), "a: [1\n"].join("---\n"));
    expect(problems).toEqual([
      "1:1 The apiVersion is not backstage.io/v1alpha1.",
      '4:7 "Gruop" is no kind of the catalog.',
      "5:1 The entity has no kind.",
      "11:9 The name or namespace is not one that Backstage allows.",
      '25:9 There are two entities "group:default/payments": here, and at catalog-info.yaml:18:9. This one is not used.',
      "30:1 This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
    ]);
    expect(catalog.teams).toHaveLength(1);
  });

  it("for two owners of one account, role, namespace or repository, with both places", async () => {
    const annotations = ['corduroy.dev/aws-accounts: "111122223333"', "corduroy.dev/role-names: ci-*", "corduroy.dev/kubernetes-namespaces: shop", "github.com/project-slug: acme/shop"];
    const other = document("Group", "search", ["type: team"]);
    const { problems } = await load(TEAM + other + document("Component", "a", ["owner: payments"], annotations) + document("Resource", "b", ["owner: search"], annotations) + document("Component", "c", ["owner: payments"], annotations.slice(0, 1)));
    expect(problems).toEqual([
      "33:32 The account 111122223333 has two owners: resource:default/b here, and component:default/a at catalog-info.yaml:21:32.",
      "34:30 The role ci-* has two owners: resource:default/b here, and component:default/a at catalog-info.yaml:22:30.",
      "35:41 The namespace shop has two owners: resource:default/b here, and component:default/a at catalog-info.yaml:23:41.",
      "36:30 The repository acme/shop has two owners: resource:default/b here, and component:default/a at catalog-info.yaml:24:30.",
    ]);
  });

  it("without repeating a route that may be a secret", async () => {
    const { catalog, problems } = await loadCatalog([catalogFolder({ "catalog-info.yaml": document("Group", "payments", ["type: team"], ["corduroy.dev/slack: https://hooks.slack.example/services/T0/B0/secret"]) })]);
    expect(problems).toEqual([{ file: problems[0]?.file, line: 7, column: 25, message: "corduroy.dev/slack holds something that is not the name of a destination.", hint: "Write the name that the destination has in the configuration; keys and addresses stay there." }]);
    expect(catalog.teams[0]?.routes).toEqual({});
  });
});

describe("a file that cannot be read", () => {
  it.each([
    ["is not UTF-8", Buffer.from([0x61, 0xff]), "1:1 The catalog file cannot be read: it is not UTF-8."],
    ["is too large", "#".repeat(512 * 1024 + 1), "1:1 The file is larger than 512 KiB and is not read."],
    ["is nested too deeply in brackets", "[".repeat(500_000), "1:1 The file is nested too deeply."],
    ["is nested too deeply in dashes", "- ".repeat(250_000), "1:1 The file is nested too deeply."],
    ["is nested too deeply in keys", "? ".repeat(250_000), "1:1 The file is nested too deeply."],
    ["is nested too deeply in lines", Array.from({ length: 900 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "1:1 The file is nested too deeply."],
  ])("%s", async (_, text, expected) => {
    expect(await load(text)).toEqual({ catalog: { teams: [], people: [], services: [] }, problems: [expected] });
  });

  it("is not there", async () => {
    const { problems } = await loadCatalog(["/nowhere/catalog-info.yaml"]);
    expect(problems.map(({ message }) => message)).toEqual(["The catalog file cannot be read: there is nothing of that name."]);
  });

  it("is a problem whatever stands in it, and never an error", async () => {
    const folder = catalogFolder({});
    const piece = fc.constantFrom(...document("Component", "x", ["owner: payments", "tier: 1"], ['corduroy.dev/role-names: "a*"']).split(/(?<=\n)/), "&a ", "*a", "<<: *a\n", "? ", "!!binary ", "|\n", "[", "{", "}", '"', "'", "\t", "  ", "- ", "__proto__: 1\n", "null", "---\n", "%YAML 1.1\n", "\u0000", "\uFEFF", "😀");
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")), fc.string({ unit: "binary" })), async (text) => {
        writeFileSync(join(folder, "catalog-info.yaml"), text);
        const { problems } = await loadCatalog([folder]);
        const lines = text.split(/\n|\r\n?/).length;
        for (const { line, column, hint } of problems) expect(line >= 1 && line <= lines + 1 && column >= 1 && hint !== "").toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
