import { describe, expect, it } from "vitest";
import { day, span } from "./arguments.ts";

describe("span", () => {
  it.each([["5s", 5_000], ["500ms", 500], ["2m", 120_000], ["0.2s", 200]])("reads %s", (text, milliseconds) => expect(span(text)).toBe(milliseconds));
  it.each(["", "5", "s", "-1s", "0s", "1ms", "5 s", "5h", "1e9s"])("refuses %j", (text) => expect(() => span(text)).toThrow(/such as 5s/));
});

describe("day", () => {
  it("ends with its last second", () => expect(day("2028-02-29").toISOString()).toBe("2028-02-29T23:59:59.000Z"));
  it.each(["", "2027-02-29", "2027-6-1", "tomorrow", "2027-06-30T00:00:00Z"])("refuses %j", (text) => expect(() => day(text)).toThrow(/not a day/));
});
