import type { Session } from "@corduroy/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSearch, safeReturn, stringifySearch } from "./address.ts";
import { whyNot } from "./session.ts";
import { nextTheme } from "./theme.ts";

describe("an address", () => {
  it("keeps names and texts", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
      }),
    );
  });

  it("is readable, and leaves out what is not there", () => {
    expect(stringifySearch({ state: "open", q: undefined, page: 2 })).toBe("?state=open&page=2");
    expect(stringifySearch({ q: undefined })).toBe("");
  });

  it("to return to is one of ours", () => {
    expect(["/findings?q=a", "/"].map(safeReturn)).toEqual(["/findings?q=a", "/"]);
    for (const other of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "findings", "", null, "/sign-in?to=/x", "/setup#x"]) expect(safeReturn(other)).toBe("/");
  });
});

describe("what a person may not do", () => {
  const session: Session = { stage: "full", user: { id: "u", email: "a@b.example", name: "A", roles: ["viewer"] }, csrf: "x", may: ["findings.read"], mayForTeam: ["findings.triage"], teams: ["payments"], singleSignOn: false, secondFactors: { totp: true, passkeys: 0 } };

  it("has a reason that names role and action", () => {
    expect(whyNot(session, "findings.read", null)).toBeNull();
    expect(whyNot(session, "findings.triage", "payments")).toBeNull();
    for (const team of ["platform", null]) expect(whyNot(session, "findings.triage", team)).toMatch(/not your team's \(payments\)/);
    expect(whyNot(session, "findings.close", "payments")).toMatch(/viewer.*findings\.close/);
    expect(whyNot(null, "findings.read", null)).toMatch(/not signed in/);
  });
});

it("the theme goes round: system, light, dark", () => {
  expect([nextTheme("system"), nextTheme("light"), nextTheme("dark")]).toEqual(["light", "dark", "system"]);
});
