import { expect, it } from "vitest";
import { teamsOf } from "./index.ts";
import { document, load, TEAM } from "./test/catalogFolder.ts";

const user = (name: string, email: string | null, ...groups: string[]): string => document("User", name, [`memberOf: [${groups.join(", ")}]`, ...(email === null ? [] : ["profile:", `  email: ${email}`])]);

it("are those of everybody with this address, and groups that are no teams are none", async () => {
  const groups = TEAM + document("Group", "search", ["type: team"]) + document("Group", "engineering", ["type: department"]);
  const { catalog, problems } = await load(groups + user("anna", "Anna@corp.example", "payments", "engineering") + user("anna2", "anna@corp.example", "search") + user("bert", "bert@corp.example", "engineering") + user("cleo", null, "payments"));
  expect(problems).toEqual([]);
  expect(teamsOf(catalog, "anna@CORP.example")).toEqual(["group:default/payments", "group:default/search"]);
  for (const email of ["bert@corp.example", "cleo@corp.example", "nna@corp.example", "", "null"]) expect(teamsOf(catalog, email)).toEqual([]);
});
