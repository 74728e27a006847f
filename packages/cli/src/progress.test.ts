import { describe, expect, it } from "vitest";
import { barSize, progressText } from "./progress.ts";

const half = { objects: 10, bytes: 100_000_000, listed: true, doneObjects: 5, doneBytes: 50_000_000, events: 123_456 };

describe("progressText", () => {
  it("says how much is done, how fast, and how long the rest takes", () => {
    expect(progressText(half, 8)).toBe("50.0 MB of 100 MB, 123,456 events, 6.25 MB/s, 8 s left");
    expect(progressText({ ...half, doneBytes: 10_000_000 }, 60)).toBe("10.0 MB of 100 MB, 123,456 events, 167 kB/s, 9 min left");
  });

  it("promises no time before everything was found, or at the very beginning", () => {
    expect(progressText({ ...half, listed: false }, 8)).toBe("50.0 MB of 100 MB+, 123,456 events, 6.25 MB/s");
    expect(progressText({ ...half, doneBytes: 500_000 }, 1)).not.toContain("left");
    expect(progressText({ ...half, bytes: 0, doneBytes: 0, events: 0 }, 0)).toBe("0 bytes of 0 bytes, 0 events, 0 bytes/s");
  });
});

it("the bar gives way to the text, so that both stay on one line", () => {
  expect(barSize("x".repeat(40), 80)).toBe(24);
  expect(barSize("x".repeat(62), 80)).toBe(16);
  expect(barSize("x".repeat(90), 80)).toBe(4);
});
