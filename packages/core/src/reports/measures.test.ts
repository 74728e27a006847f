import { expect, it } from "vitest";
import { bytesText, countOf, datedText, durationText, momentText, shortMomentText } from "./measures.ts";

it("says counts, bytes, durations and times as people do", () => {
  expect([countOf(1, "rule"), countOf(1204, "rule"), countOf(0, "entry", "entries")]).toEqual(["1 rule", "1,204 rules", "0 entries"]);
  expect([0, 999, 1000, 718_450_112, 1.5e18].map(bytesText)).toEqual(["0 bytes", "999 bytes", "1.00 kB", "718 MB", "1500 PB"]);
  expect([0, 4230, 59_400, 60_000, 5_220_000, 7_200_000, 172_800_000, 8.64e10].map(durationText)).toEqual(["0 s", "4.2 s", "59 s", "1 min", "1 h 27 min", "2 h", "2 days", "1,000 days"]);
  expect(momentText("2026-03-04T02:03:07.000Z")).toBe("4 Mar 2026 02:03:07");
  expect(shortMomentText("2026-12-31T23:59:59.999Z")).toBe("31 Dec 23:59");
  expect(["2026-03-04T02:03:07Z", "2025-12-31T23:59:59Z", "<not a time>"].map((time) => datedText(time, "2026-11-30T00:00:00Z"))).toEqual(["4 Mar 02:03", "31 Dec 2025", "<not a time>"]);
  expect(momentText("<not a time>")).toBe("<not a time>");
});
