import { describe, expect, it } from "vitest";
import { inDigestFolder, looksLikeLog, whyNotALog } from "./logNames.ts";

describe("looksLikeLog", () => {
  it.each([
    "123456789012_CloudTrail_us-east-1_20261101T0000Z_aBcD.json.gz",
    "events.jsonl",
    "events.ndjson.zst",
    "EVENTS.JSON.GZ",
    "audit.log.1",
    "audit.log.2.gz",
    "app.json.2026-11-01",
    "stream-1-2026-11-01-00-00-00-uuid",
    "dump.2026-11-01T00:00Z",
    "notes.txt",
    "host.example.com.gz",
  ])("reads %s", (name) => expect(looksLikeLog(name)).toBe(true));

  it.each(["photo.png", "backup.tar.gz", "backup.TAR.ZST", "rule.yml", "events.parquet", "events.json.parquet", "script.py", "report.html", "table.csv", "host.example.com"])("leaves out %s", (name) =>
    expect(looksLikeLog(name)).toBe(false),
  );
});

it("knows folders of digests by their whole name, anywhere in a path", () => {
  expect(inDigestFolder("AWSLogs/1/CloudTrail-Digest/us-east-1/x.json.gz")).toBe(true);
  expect(inDigestFolder("CloudTrail-Digest")).toBe(true);
  expect(inDigestFolder("AWSLogs/1/CloudTrail-Digest-2/x.json.gz")).toBe(false);
});

it("says why", () => {
  expect(whyNotALog("logs/.hidden.json")).toContain("starts with a dot");
  expect(whyNotALog("logs/CloudTrail-Digest/a.json")).toContain("digest");
  expect(whyNotALog("logs/a.png")).toContain("does not look like a log");
  expect(whyNotALog("logs/a.json")).toBeUndefined();
});
