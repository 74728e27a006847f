import { describe, expect, it } from "vitest";
import { parseSince } from "./since.ts";

const now = new Date("2026-11-21T10:30:00Z");

describe("parseSince", () => {
  it.each([
    ["90m", "2026-11-21T09:00:00.000Z"],
    ["24h", "2026-11-20T10:30:00.000Z"],
    ["7d", "2026-11-14T10:30:00.000Z"],
    ["2w", "2026-11-07T10:30:00.000Z"],
    ["2026-11-01", "2026-11-01T00:00:00.000Z"],
    ["2026-11-01T08:00", "2026-11-01T08:00:00.000Z"],
    ["2026-11-01T08:00:30.5Z", "2026-11-01T08:00:30.500Z"],
    ["2026-11-01T08:00+02:00", "2026-11-01T06:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(parseSince(text, now).toISOString()).toBe(expected);
  });

  it.each(["", "7", "d", "-7d", "7 d", "7y", "1e3d", "9999999d", "2026-02-30", "2026-13-01", "2026-11-01T25:00Z", "2025-02-29T08:00", "yesterday", "2026-11-01\n", "999999w"])(
    "refuses %j and says what is understood",
    (text) => {
      expect(() => parseSince(text, now)).toThrow(/is not a time\. Give a span such as 90m/);
    },
  );

  it("refuses the future", () => {
    expect(() => parseSince("2026-11-22", now)).toThrow("lies in the future");
  });
});
