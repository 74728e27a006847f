import { expect, it } from "vitest";
import { plain } from "./plain.ts";

const named = (id: string): string => (id === "u1" ? "Anna" : id);

it("reads as a person would say it", () => {
  expect(plain("u1", named)).toBe("Anna");
  expect(plain(["admin", "viewer"], named)).toBe("admin, viewer");
  expect(plain([{ kind: "owner", from: null, to: "u1" }, { kind: "labels", from: [], to: ["key-leak"] }, { kind: "comment" }, { kind: "link", url: "https://example.com" }], named)).toBe("owner: none → Anna; labels: none → key-leak; comment; link https://example.com");
});

it("keeps whatever else it is as JSON", () => {
  expect([plain(7, named), plain({ a: [1] }, named), plain([1, null], named)]).toEqual(["7", '{"a":[1]}', "[1,null]"]);
});
