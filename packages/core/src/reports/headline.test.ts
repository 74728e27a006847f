import { describe, expect, it } from "vitest";
import { headline } from "./headline.ts";
import { breachReport } from "./test/breach-report.ts";

describe("headline", () => {
  it("names the identity behind several findings and its way", () => {
    const { sentence, detail } = headline(breachReport());
    expect(sentence).toBe("svc-backup is behind 8 of 15 findings, from initial access to impact, within 1 h 35 min.");
    expect(detail).toMatch(/^74 rules over 412,907 events gave 15 findings: 2 critical, 4 high, 5 medium, 3 low, 1 informational\. Read first: svc-backup stopped/);
  });

  it("says the first finding when nobody is behind several", () => {
    const report = breachReport();
    expect(headline({ ...report, findings: report.findings.slice(8) }).sentence).toBe("ci-deploy opened port 22 to the whole internet on sg-0a1b2c3d4e5f.");
  });

  it("makes no story of findings without an identity", () => {
    const report = breachReport();
    const findings = report.findings.map((finding) => ({ ...finding, entity: { kind: "unknown" as const, key: "unknown", name: "unknown" } }));
    expect(headline({ ...report, findings }).sentence).toMatch(/^svc-backup stopped/);
  });

  it("is honest when nothing matched", () => {
    const empty = { ...breachReport(), findings: [] };
    expect(headline(empty).sentence).toBe("Nothing matched: 74 rules over 412,907 events.");
    expect(headline(empty).detail).toMatch(/could not be read/);
    expect(headline({ ...empty, counts: { read: 9, stored: 9, duplicate: 0, dead: 0 }, unreadable_total: 0 }).detail).toMatch(/^Everything given was read/);
    expect(headline({ ...empty, counts: { read: 0, stored: 0, duplicate: 0, dead: 0 } }).detail).toMatch(/^No event was read/);
  });
});
