import { CollectorReach } from "@corduroy/contract";
import { describe, expect, it } from "vitest";
import { reachOf, VENDORS, type VendorKind } from "./vendors.ts";

const SECRETS = /token|secret|key|password|connection/i;
const kinds = Object.keys(VENDORS) as VendorKind[];

describe("the table of vendors", () => {
  it.each(CollectorReach.options.map((option) => [option.shape.kind.value, option.shape] as const))("asks for all that %s needs, and for nothing else", (kind, shape) => {
    const { asks } = VENDORS[kind];
    const { kind: _, ...fields } = shape;
    expect(asks.map(({ name }) => name).toSorted()).toEqual(Object.keys(fields).toSorted());
    for (const [name, field] of Object.entries(fields)) {
      const ask = asks.find((each) => each.name === name)!;
      expect(ask.optional === true, name).toBe(field.safeParse(undefined).success);
      expect(ask.type === "password", name).toBe(SECRETS.test(name));
      if (typeof ask.type !== "string") for (const [value] of ask.type) expect(field.safeParse(value).success, value).toBe(true);
    }
  });

  it("names no source twice", () => {
    const sources = kinds.flatMap((kind) => VENDORS[kind].sources);
    expect(new Set(sources).size).toBe(sources.length);
  });
});

describe("a form", () => {
  it("sends what was written, without blanks around it, and the vendor's own where nothing was", () => {
    expect(reachOf("github", { organisation: " corp ", token: "ghp_0123456789 ", address: " " })).toEqual({ reach: { kind: "github", organisation: "corp", token: "ghp_0123456789", address: "https://api.github.com" } });
    expect(reachOf("microsoft-graph", { tenant: "corp.example", client: "00001111-aaaa-2222-bbbb-3333cccc4444", secret: "0123456789" })).toMatchObject({ reach: { log: "signIns" } });
  });

  it("says of each field what is wrong, and never repeats a secret", () => {
    expect(reachOf("okta", {})).toEqual({ wrong: { address: "This is needed.", token: "This is needed." } });
    const wrong = reachOf("microsoft-graph", { tenant: "x".repeat(101), client: "app", secret: "hunter2", address: "graph" });
    expect(wrong).toEqual({ wrong: { tenant: "It has 100 characters at most.", client: "An id looks like 00001111-aaaa-2222-bbbb-3333cccc4444.", secret: "It has 10 characters at least.", address: "Write the whole address, with https:// before it." } });
    expect(JSON.stringify(wrong)).not.toContain("hunter2");
  });
});
