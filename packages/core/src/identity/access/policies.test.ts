import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { ROLES, type Actor } from "../../kernel/index.ts";
import { ACTIONS } from "../actions.ts";
import { loadPolicies } from "./policies.ts";

const FOLDER = fileURLToPath(new URL("../../../../../content/policies", import.meta.url));
const verdict = z.enum(["allow", "deny"]);
const testFile = z.strictObject({
  table: z.record(z.string(), z.record(z.string(), verdict)).default({}),
  cases: z.array(z.strictObject({
    name: z.string(), user: z.array(z.enum(ROLES)).optional(), teams: z.array(z.string()).optional(), token: z.array(z.string()).optional(),
    action: z.string(), resource: z.strictObject({ type: z.string(), id: z.string(), team: z.string().optional() }), expected: verdict,
  })).default([]),
});

const user = (roles: readonly (typeof ROLES)[number][], teams?: string[]): Actor => ({ kind: "user", id: "u1", name: "Anna", roles, teams });
const token = (...scopes: string[]): Actor => ({ kind: "token", id: "t1", name: "collector", scopes });
const SUBJECTS: Record<string, Actor> = {
  nobody: user([]),
  ...Object.fromEntries(ROLES.map((role) => [role, user([role])])),
  events: token("events:aws.cloudtrail"),
  read: token("read"),
  write: token("write"),
  sources: token("sources"),
  audit: token("audit"),
  system: { kind: "system", name: "schedule" },
};

/** A bit of what V8 says of a function (`runtime.h`, OptimizationStatus::kOptimized). */
const OPTIMIZED = 1 << 4;

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".test.yml"));
const tests = files.map((name) => testFile.parse(parse(readFileSync(join(FOLDER, name), "utf8"))));
const allows = loadPolicies(FOLDER);
const said = (allowed: boolean): string => (allowed ? "allow" : "deny");

describe("the policies", () => {
  it("have a line in a table for every action, and a word in it for everybody", () => {
    const lines = tests.flatMap(({ table }) => Object.entries(table));
    expect(lines.map(([action]) => action).sort()).toEqual([...ACTIONS].sort());
    for (const [action, line] of lines) expect([action, Object.keys(line).sort()]).toEqual([action, Object.keys(SUBJECTS).sort()]);
  });

  it.each(tests.flatMap(({ table }) => Object.entries(table)))("decide on %s as the table says", (action, line) => {
    const decided = Object.keys(line).map((subject) => [subject, said(allows(SUBJECTS[subject]!, action, { type: "Thing", id: "aws.cloudtrail" }))]);
    expect(Object.fromEntries(decided)).toEqual(line);
  });

  it.each(tests.flatMap(({ cases }) => cases))("decide: $name", ({ user: roles, teams, token: scopes, action, resource, expected }) => {
    expect(said(allows(scopes ? token(...scopes) : user(roles ?? [], teams), action, resource))).toBe(expected);
  });

  it("survive that compiled code is thrown away while Cedar decides", () => {
    setFlagsFromString("--allow-natives-syntax");
    // oxlint-disable-next-line no-implied-eval -- V8's own functions have a syntax of their own
    const v8 = (name: string) => new Function("f", `return %${name}(f)`) as (f: unknown) => number;
    const { parse: original } = JSON;
    const ask = (): boolean => allows(token("events:aws.cloudtrail"), "events.write", { type: "Source", id: "aws.cloudtrail" });
    v8("NeverOptimizeFunction")(ask);
    for (const prepare of ["PrepareFunctionForOptimization", "OptimizeFunctionOnNextCall"]) {
      for (let times = 0; times < 100; times++) ask();
      v8(prepare)(allows);
    }
    ask();
    let thrownAway = 0;
    // Cedar reads its answer with it, inside of the call.
    JSON.parse = (text, reviver) => {
      thrownAway += v8("GetOptimizationStatus")(allows) & OPTIMIZED ? 1 : 0;
      v8("DeoptimizeFunction")(allows);
      return original(text, reviver) as unknown;
    };
    try {
      expect(ask()).toBe(true);
    } finally {
      JSON.parse = original;
    }
    expect(thrownAway).toBe(1);
  });

  it("refuse what cannot be decided", () => {
    expect(allows(user(["admin"]), "findings.read", { type: "Finding", id: "\ud800" })).toBe(false);
    expect(allows(user(["admin"]), "findings.read", { type: "Finding", id: "\0" })).toBe(true);
    expect(allows(user(["superuser" as "admin"]), "findings.read", { type: "Finding", id: "f1" })).toBe(false);
  });
});

describe("loadPolicies", () => {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-policies-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const load = (text: string): DbAllows => {
    writeFileSync(join(folder, "own.cedar"), text);
    return loadPolicies(folder);
  };
  type DbAllows = ReturnType<typeof loadPolicies>;

  it("refuses a folder without policies, and policies that do not parse or name what does not exist", () => {
    expect(() => loadPolicies(folder)).toThrow(/There are no policies/);
    expect(() => load("permit (principal, action, resource")).toThrow(/are not right/);
    expect(() => load('permit (principal, action == Action::"findings.delete", resource);')).toThrow(/findings\.delete/);
    expect(() => load("permit (principal, action, resource) when { resource.owner == principal };")).toThrow(/owner/);
  });
});
