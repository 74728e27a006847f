import { validate } from "@corduroy/ocsf";
import { describe, expect, it } from "vitest";
import { toOcsfFindings } from "./ocsf.ts";
import { breachReport } from "./test/breach-report.ts";
import { HOSTILE, withTexts } from "./test/hostile-texts.ts";

describe("toOcsfFindings", () => {
  it("gives valid Detection Findings", () => {
    const findings = toOcsfFindings(breachReport());
    expect(findings).toHaveLength(15);
    for (const finding of findings) expect(validate(finding)).toEqual([]);
  });

  it("gives valid Detection Findings of whatever a log held, and JSON that can be written", () => {
    for (const text of HOSTILE) {
      for (const finding of toOcsfFindings(withTexts({ ...breachReport(), generated: "" }, () => text))) {
        const problems = validate({ ...finding, time: 0 });
        expect(problems, JSON.stringify(finding).slice(0, 400)).toEqual([]);
      }
    }
  });

  it("carries severity, who, what, where, when, technique and evidence", () => {
    const [first] = toOcsfFindings(breachReport());
    expect(first).toMatchObject({
      class_uid: 2004,
      type_uid: 200401,
      severity_id: 5,
      status_id: 1,
      time: Date.parse("2026-03-15T06:30:11Z"),
      start_time: Date.parse("2026-03-14T02:51:07.200Z"),
      count: 3,
      metadata: { version: "1.8.0", profiles: ["cloud"], product: { name: "Corduroy", version: "0.1.0" } },
      cloud: { provider: "AWS", account: { uid: "111122223333", type_id: 10 }, region: "eu-central-1" },
      finding_info: {
        uid: "4f00a90c7be13d58",
        analytic: { type_id: 1 },
        attacks: [{ tactic: { uid: "TA0112", name: "Defense Impairment" }, technique: { uid: "T1562" }, sub_technique: { uid: "T1562.008" } }],
        data_sources: ["aws.cloudtrail"],
      },
      resources: [{ uid: "arn:aws:cloudtrail:eu-central-1:111122223333:trail/org-trail", role_id: 1 }],
    });
    expect(first).toHaveProperty("evidences.0.actor.user.name", "svc-backup");
    expect(first).toHaveProperty("evidences.0.api.operation", "StopLogging");
    expect(first).toHaveProperty("evidences.0.src_endpoint.ip", "203.0.113.77");
    expect(first).toHaveProperty("evidences.0.data.line", 17);
  });

  it("names no cloud when the logs come from several kinds of sources, and puts names that are no addresses where names go", () => {
    const report = breachReport();
    const [model] = report.findings;
    if (model === undefined) throw new Error("no finding");
    const samples = model.samples.map((sample) => ({ ...sample, address: "cloudformation.amazonaws.com", outcome: "AccessDenied" }));
    const sources = [...report.sources, { source: "generic.json", events: 4, first: null, last: null }];
    const [first] = toOcsfFindings({ ...report, sources, findings: [{ ...model, samples }] });
    expect(first).not.toHaveProperty("cloud");
    expect(first).not.toHaveProperty("metadata.profiles");
    expect(first).toHaveProperty("evidences.0.src_endpoint", { name: "cloudformation.amazonaws.com" });
    expect(first).toHaveProperty("evidences.0.api.response.error", "AccessDenied");
    expect(first && validate(first)).toEqual([]);
  });
});
