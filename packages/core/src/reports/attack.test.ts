import { expect, it } from "vitest";
import { tacticOf, tacticOrder, techniqueOf, techniqueUrl } from "./attack.ts";

it.each(["attack.privilege-escalation", "privilege_escalation", "Privilege Escalation", "TA0004", " ta0004 "])("knows the tactic in %j", (text) => {
  expect(tacticOf(text)).toEqual({ uid: "TA0004", name: "Privilege Escalation" });
});

it("knows the tactics of version 19 and the name they replaced", () => {
  expect(["defense-evasion", "stealth", "defense-impairment"].map((text) => tacticOf(text).uid)).toEqual(["TA0005", "TA0005", "TA0112"]);
});

it("keeps an unknown name and sorts it last", () => {
  const unknown = tacticOf("<b>new tactic</b>");
  expect(unknown).toEqual({ uid: null, name: "<b>new tactic</b>" });
  expect(tacticOrder(unknown)).toBeGreaterThan(tacticOrder(tacticOf("impact")));
});

it("knows technique ids and nothing else", () => {
  expect(["attack.t1098.003", "T1537", "t15370", "T1098.3", "../T1098"].map(techniqueOf)).toEqual(["T1098.003", "T1537", null, null, null]);
  expect(techniqueUrl("T1098.003")).toBe("https://attack.mitre.org/techniques/T1098/003/");
});
