import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentsOf, recognise, sourceById, type Contents, type JsonRecord } from "./index.ts";

const eventsOf = (contents: Contents): { source: string | undefined; text: string | null; part: string }[] => ("events" in contents ? contents.events.map((one) => ({ ...one, source: one.source?.id })) : []);
const apart = (record: JsonRecord, label: string | null = null): { source: string | undefined; text: string | null; part: string }[] => eventsOf(contentsOf(record, label === null ? null : sourceById(label)!));

const okta = (n: number): JsonRecord => ({ uuid: `u-${n}`, eventType: "user.session.start", published: "2024-05-14T09:30:00Z", displayMessage: "in", actor: { alternateId: "ines@corp.example" } });
const trail = (n: number): JsonRecord => ({ eventTime: "2024-05-14T09:30:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject", awsRegion: "eu-central-1", eventID: `${String(n).padStart(8, "0")}-0000-4000-8000-000000000000` });
const finding = (n: number): JsonRecord => ({ Id: `f-${n}`, AwsAccountId: "111122223333", ProductArn: "arn:aws:securityhub:eu-central-1::product/aws/securityhub" });
const hook = (events: unknown): JsonRecord => ({ eventType: "com.okta.event_hook", eventId: "e", data: { events } });
const bridge = (findings: unknown): JsonRecord => ({ "detail-type": "Security Hub Findings - Custom Action", source: "aws.securityhub", detail: { actionName: "x", findings } });
const sns = (message: JsonRecord): JsonRecord => ({ Type: "Notification", TopicArn: "arn:aws:sns:eu-central-1:111122223333:t", Message: JSON.stringify(message) });

const tuple = fc.oneof(fc.string(), fc.jsonValue());
const noGroup = fc.constantFrom(null, 7, "flowTuples", {}, { flowTuples: "none" }, []);
const flowGroups = fc.array(fc.oneof({ weight: 4, arbitrary: fc.record({ mac: fc.string(), flowTuples: fc.array(tuple, { maxLength: 4 }) }) }, noGroup), { maxLength: 4 });
const noFlow = fc.constantFrom(null, 7, { flows: 7, flowGroups: null });

it.each([
  ["a security group", "NetworkSecurityGroupFlowEvent", "properties", "flows"],
  ["a virtual network", "FlowLogFlowEvent", "flowRecords", "flowGroups"],
])("are all flows of a record, each in the vendor's form: %s", (_, category, outer, groups) => {
  const flow = fc.oneof({ weight: 4, arbitrary: fc.record({ rule: fc.string(), list: flowGroups }).map(({ rule, list }) => ({ rule, [groups]: list })) }, noFlow);
  fc.assert(fc.property(fc.array(flow, { maxLength: 4 }), (flows) => {
    const record = { time: "2026-11-20T09:30:00Z", category, [outer]: { Version: 2, flows } };
    const naive: string[] = [];
    for (const one of flows as ({ rule: string } & Record<string, { mac: string; flowTuples: unknown[] }[]> | null)[])
      if (Array.isArray(one?.[groups])) for (const group of one[groups]) if (Array.isArray(group?.flowTuples)) for (const each of group.flowTuples) naive.push(JSON.stringify({ ...record, [outer]: { Version: 2, flows: [{ ...one, [groups]: [{ ...group, flowTuples: [each] }] }] } }));
    if (naive.length < 2) expect(contentsOf(record, null)).toMatchObject({ event: { source: { id: "azure.flow" }, text: null } });
    else expect(apart(record)).toEqual(naive.map((part) => ({ source: "azure.flow", text: null, part })));
    // What was taken apart is an event.
    for (const part of naive) expect(contentsOf(JSON.parse(part) as JsonRecord, null)).toMatchObject({ event: { source: { id: "azure.flow" }, text: null } });
  }));
});

describe("several events in a record", () => {
  it("are the incidents of an alert of Privileged Identity Management, each with its alert", () => {
    const incident = (n: number): JsonRecord => ({ "@odata.type": "#microsoft.graph.staleSignInAlertIncident", id: `i-${n}` });
    const alert = (...alertIncidents: unknown[]): JsonRecord => ({ id: "a", alertDefinitionId: "a", scopeType: "DirectoryRole", isActive: true, alertIncidents });
    expect(apart(alert(incident(1), incident(2)))).toEqual([1, 2].map((n) => ({ source: "entra.pimalert", text: null, part: JSON.stringify(alert(incident(n))) })));
    for (const record of [alert(incident(1)), alert(), { ...alert(), alertIncidents: undefined }, incident(1)]) expect(contentsOf(record, null)).toMatchObject({ event: { source: { id: "entra.pimalert" }, text: null } });
    // The settings of an alert, and what only looks like one.
    for (const record of [{ ...incident(1), "@odata.type": "#microsoft.graph.staleSignInAlertConfiguration" }, { ...alert(incident(1), incident(2)), isActive: "true" }]) expect(recognise(record).source.id).toBe("generic.json");
  });

  it.each([
    ["Okta's hook", hook([okta(1), okta(2)]), "okta.system", [okta(1), okta(2)]],
    ["findings of a custom action", bridge([finding(1), finding(2)]), "aws.securityhub", [finding(1), finding(2)]],
    ["a file in a notification", sns({ Records: [trail(1), trail(2)] }), "aws.cloudtrail", [trail(1), trail(2)]],
    ["findings of EventBridge in a notification", sns(bridge([finding(1), finding(2)])), "aws.securityhub", [finding(1), finding(2)]],
    ["a notification in a file", { Records: [{ Sns: 1 }, sns({ Records: [trail(1), trail(2)] }), trail(3)] }, "aws.cloudtrail", [{ Sns: 1 }, trail(1), trail(2), trail(3)]],
  ])("are told one by one: %s", (_, record, source, events) => {
    expect(apart(record).map((one) => [one.source, JSON.parse(one.part)])).toEqual(events.map((event) => ["Sns" in event ? "generic.json" : source, event]));
    expect(recognise(record).source.id).toBe("Records" in record ? "aws.cloudtrail" : source);
  });

  it("are told with what each wraps", () => {
    const message = JSON.stringify(trail(1));
    expect(apart(sns({ messageType: "DATA_MESSAGE", logGroup: "trail", logEvents: [{ id: "1", timestamp: 1, message }, { id: "2", timestamp: 2, message: "x" }] }))).toEqual([
      { source: "aws.cloudtrail", text: message, part: JSON.stringify({ id: "1", timestamp: 1, message }) },
      { source: "generic.json", text: null, part: JSON.stringify({ id: "2", timestamp: 2, message: "x" }) },
    ]);
  });

  it("are what a request of OpenTelemetry's holds, with what is carried and what is none", () => {
    const body = JSON.stringify(trail(1));
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
    const found = apart({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "a" }, logRecords: [{ timeUnixNano: "5", body: { stringValue: "hello" } }, 7, { timeUnixNano: "6", body: { stringValue: body } }] }] }] });
    const around = { resource: { attributes: { "service.name": "shop" } }, scope: { name: "a" } };
    expect(found).toEqual([
      { source: "otlp.logs", text: null, part: JSON.stringify({ ...around, timeUnixNano: "5", body: "hello", attributes: {} }) },
      { source: undefined, text: null, part: "7" },
      { source: "aws.cloudtrail", text: body, part: JSON.stringify({ ...around, timeUnixNano: "6", body, attributes: {} }) },
    ]);
  });

  it("are one event where there is one: the record wraps it", () => {
    expect(contentsOf(hook([okta(1)]), null)).toMatchObject({ event: { source: { id: "okta.system" }, text: JSON.stringify(okta(1)) } });
    expect(contentsOf(bridge([finding(1)]), null)).toMatchObject({ event: { source: { id: "aws.securityhub" }, text: JSON.stringify(finding(1)) } });
  });

  it("leave a record whole in which none is known, or that is an event itself", () => {
    for (const record of [{ Records: [{ a: 1 }, { b: 2 }] }, { records: [] }, hook("none"), hook([]), bridge([7, null]), sns({ Records: [[], "x"] })]) expect(contentsOf(record, null)).toMatchObject({ event: { source: { id: "generic.json" }, text: null } });
    expect(contentsOf({ ...trail(1), Records: [trail(2), trail(3)] }, null)).toMatchObject({ event: { source: { id: "aws.cloudtrail" }, text: null } });
  });

  it("are of the source that they are said to be of, where one of them is", () => {
    expect(apart(hook([okta(1), trail(2)]), "okta.system").map(({ source }) => source)).toEqual(["okta.system", "okta.system"]);
    expect(contentsOf(hook([okta(1), okta(2)]), sourceById("aws.cloudtrail")!)).toMatchObject({ event: {} });
  });
});

describe("too much in a record", () => {
  const flows = (shared: number, count: number): JsonRecord => ({ category: "NetworkSecurityGroupFlowEvent", resourceId: "x".repeat(shared), properties: { flows: [{ flows: [{ flowTuples: Array.from({ length: count }, () => "") }] }] } });

  it("is refused, not taken apart", () => {
    expect(contentsOf(flows(1024 * 1024, 100), null)).toEqual({ refused: "its events have more than 64 MiB together" });
    expect(contentsOf(flows(0, 260_000), null)).toEqual({ refused: "it holds more than 250000 events" });
    expect(contentsOf({ Records: Array.from({ length: 100 }, () => ({ x: "x".repeat(1024 * 1024) })) }, null)).toMatchObject({ event: { source: { id: "generic.json" } } });
  });

  it("is what cannot be written again", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as unknown;
    for (const record of [hook([{ ...okta(1), deep }, okta(2)]), { "detail-type": "x", detail: { deep } }]) expect(contentsOf(record, null)).toEqual({ refused: "it is nested too deep" });
  });
});
