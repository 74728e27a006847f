import { describe, expect, it } from "vitest";
import { makeCompany } from "./company.ts";
import { PLACEHOLDER_NUMBERS } from "./placeholders.ts";
import { Random } from "./random.ts";
import { Scene } from "./scene.ts";
import { compile, fill } from "./template.ts";

function filled(text: string, fixed: Readonly<Record<string, string>> = {}): string {
  const company = makeCompany(1);
  const [account] = company.accounts;
  if (account === undefined) throw new Error("no account");
  const scene = new Scene(company, new Random(1, "template"), account, 0);
  for (const [name, value] of Object.entries(fixed)) scene.fix(name, value);
  const parts: string[] = [];
  fill(compile(text, PLACEHOLDER_NUMBERS), scene, parts);
  return parts.join("");
}

describe("templates", () => {
  it("keep text without placeholders as it is", () => {
    expect(filled(`{"a":[1,"x < y"]}`)).toBe(`{"a":[1,"x < y"]}`);
  });

  it("give a name the same value everywhere in one record, and numbered names their own", () => {
    const [first, again, other] = filled("<guid> <guid> <guid2>").split(" ");
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("take fixed values", () => {
    expect(filled("user/<user>", { user: "mail-relay" })).toBe("user/mail-relay");
  });

  it("refuse a name they do not know", () => {
    expect(() => filled("<nonsense>")).toThrow("no such placeholder: <nonsense>");
  });
});
