import { describe, expect, it } from "vitest";
import { agoText, bytesText, countOf, dueText, exactText, momentText, moneyText, shortCount, spanText } from "./measures.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const MIN = 60_000;
const HOUR = 60 * MIN;

describe("times", () => {
  it("are told as what has passed, or is to come", () => {
    expect([0, 59_000, MIN, 59 * MIN, HOUR, 47 * HOUR, 48 * HOUR, -HOUR, 730 * 24 * HOUR, 731 * 24 * HOUR, 3_645 * 24 * HOUR].map((ms) => agoText(ago(ms), NOW))).toEqual(["now", "now", "1 min ago", "59 min ago", "1 h ago", "47 h ago", "2 d ago", "in 1 h", "730 d ago", "2 y ago", "9 y ago"]);
    expect([spanText(-5), spanText(2_400)]).toEqual(["0 s", "2 s"]);
  });

  it("are told as due or overdue", () => {
    expect([dueText(ago(-3 * HOUR), NOW), dueText(ago(3 * HOUR), NOW)]).toEqual(["due in 3 h", "3 h overdue"]);
  });

  it("are in UTC, with a year that is not this one", () => {
    expect([momentText("2026-03-04T02:13:07.000Z", NOW), momentText("2025-12-31T23:59:59Z", NOW), exactText("2026-03-04T02:13:07.000Z")]).toEqual(["4 Mar 02:13", "31 Dec 2025 23:59", "2026-03-04 02:13:07 UTC"]);
  });

  it("that are none stay texts", () => {
    expect([agoText("soon", NOW), momentText("soon", NOW), exactText("soon")]).toEqual(["soon", "soon", "soon"]);
  });
});

describe("amounts", () => {
  it("have units, and three digits where they matter", () => {
    expect([0, 999, 1_000, 12_345, 999_949, 999_999, 148e9, 3e18].map(bytesText)).toEqual(["0 bytes", "999 bytes", "1.00 kB", "12.3 kB", "1.00 MB", "1.00 MB", "148 GB", "3000 PB"]);
    expect([moneyText(3.4), moneyText(0.001), moneyText(0), shortCount(1_204_331), countOf(1, "match", "matches"), countOf(2, "match", "matches")]).toEqual(["$3.40", "< $0.01", "$0.00", "1.2M", "1 match", "2 matches"]);
  });
});
