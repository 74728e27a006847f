import { isIP } from "node:net";
import type { Finding, Level, SampleEvent } from "../findings/index.ts";
import { tacticOf, techniqueOf, techniqueUrl } from "./attack.ts";
import type { ScanReport } from "./schemas.ts";

const SEVERITIES: Record<Level, { severity_id: number; severity: string }> = {
  informational: { severity_id: 1, severity: "Informational" },
  low: { severity_id: 2, severity: "Low" },
  medium: { severity_id: 3, severity: "Medium" },
  high: { severity_id: 4, severity: "High" },
  critical: { severity_id: 5, severity: "Critical" },
};

/** The vendors whose logs say which cloud an event comes from, by the first part of a source's name; with the OCSF account type. */
const CLOUDS: Record<string, { provider: string; type_id: number; type: string }> = {
  aws: { provider: "AWS", type_id: 10, type: "AWS Account" },
};

/**
 * The findings of a report as OCSF 1.8.0 Detection Findings (class 2004), one each, in the report's order. Times are
 * milliseconds since 1970, as the schema has them. Attributes without a value are left out, never null.
 */
export function toOcsfFindings(report: ScanReport): object[] {
  const cloud = cloudOf(report);
  return report.findings.map((finding) => detectionFinding(finding, report, cloud));
}

type Cloud = (typeof CLOUDS)[string] | undefined;

/** Known only when every source with events is of the same vendor: a finding does not say which source it came from. */
function cloudOf(report: ScanReport): Cloud {
  const vendors = new Set(report.sources.filter((source) => source.events > 0).map((source) => source.source.split(".")[0] ?? ""));
  return vendors.size === 1 ? CLOUDS[[...vendors][0] ?? ""] : undefined;
}

function detectionFinding(finding: Finding, report: ScanReport, cloud: Cloud): object {
  const inCloud = cloud !== undefined && finding.accounts.length > 0;
  return withoutGaps({
    activity_id: 1,
    activity_name: "Create",
    category_uid: 2,
    category_name: "Findings",
    class_uid: 2004,
    class_name: "Detection Finding",
    type_uid: 200401,
    type_name: "Detection Finding: Create",
    ...SEVERITIES[finding.level],
    status_id: 1,
    status: "New",
    time: milliseconds(report.generated),
    start_time: milliseconds(finding.first_seen),
    end_time: milliseconds(finding.last_seen),
    count: finding.count,
    message: finding.title,
    metadata: withoutGaps({ version: "1.8.0", uid: finding.id, product: { name: "Corduroy", vendor_name: "Corduroy", version: report.version }, profiles: inCloud ? ["cloud"] : undefined }),
    cloud: inCloud ? cloudObject(finding, cloud) : undefined,
    finding_info: findingInfo(finding, report),
    evidences: filled(finding.samples.map((sample) => evidence(sample, cloud))),
    resources: filled(finding.resources.map((uid) => ({ uid, role_id: 1, role: "Target" }))),
    observables: filled(observables(finding)),
    remediation: remediation(finding),
  });
}

function findingInfo(finding: Finding, report: ScanReport): object {
  return withoutGaps({
    uid: finding.id,
    title: finding.title,
    desc: finding.rule.description || undefined,
    analytic: { uid: finding.rule.id, name: finding.rule.title, type_id: 1, type: "Rule" },
    attacks: filled(attacks(finding)),
    created_time: milliseconds(report.generated),
    first_seen_time: milliseconds(finding.first_seen),
    last_seen_time: milliseconds(finding.last_seen),
    related_events_count: finding.count,
    data_sources: filled(report.sources.filter((source) => source.events > 0).map((source) => source.source)),
  });
}

/** A rule lists tactics and techniques side by side; they belong together for sure only when there is one tactic. */
function attacks(finding: Finding): object[] {
  const tactics = finding.tactics.map((text) => {
    const { uid, name } = tacticOf(text);
    return uid === null ? { name } : { uid, name };
  });
  const techniques = finding.techniques.flatMap((text) => techniqueOf(text) ?? []);
  const [tactic] = tactics;
  if (tactics.length === 1 && tactic !== undefined && techniques.length > 0) return techniques.map((id) => ({ tactic, ...techniqueObject(id) }));
  return [...tactics.map((each) => ({ tactic: each })), ...techniques.map(techniqueObject)];
}

function techniqueObject(id: string): object {
  const parent = id.split(".")[0] ?? id;
  const technique = { uid: parent, src_url: techniqueUrl(parent) };
  return parent === id ? { technique } : { technique, sub_technique: { uid: id, src_url: techniqueUrl(id) } };
}

function evidence(sample: SampleEvent, cloud: Cloud): object {
  return withoutGaps({
    uid: sample.event_uid,
    actor: sample.actor === null ? undefined : { user: withoutGaps({ name: sample.actor, account: account(sample.account, cloud) }) },
    api: sample.operation === null ? undefined : withoutGaps({ operation: sample.operation, service: sample.service === null ? undefined : { name: sample.service }, response: response(sample) }),
    src_endpoint: sample.address === null ? undefined : isAddress(sample.address) ? { ip: sample.address } : { name: sample.address },
    http_request: sample.user_agent === null ? undefined : { user_agent: sample.user_agent },
    resources: sample.resource === null ? undefined : [{ uid: sample.resource }],
    data: { time: sample.time, file: sample.file, line: sample.line, raw: sample.raw },
  });
}

/** The schema's address type is at most 40 characters long; a zone behind an IPv6 address may be longer. */
function isAddress(text: string): boolean {
  return isIP(text) > 0 && text.length <= 40;
}

function response(sample: SampleEvent): object | undefined {
  return sample.outcome === null || sample.outcome === "success" ? undefined : { error: sample.outcome };
}

function cloudObject(finding: Finding, cloud: NonNullable<Cloud>): object {
  return withoutGaps({
    provider: cloud.provider,
    account: finding.accounts.length === 1 ? account(finding.accounts[0] ?? null, cloud) : undefined,
    region: finding.regions.length === 1 ? finding.regions[0] : undefined,
  });
}

function account(uid: string | null, cloud: Cloud): object | undefined {
  if (uid === null) return undefined;
  return cloud === undefined ? { uid } : { uid, type_id: cloud.type_id, type: cloud.type };
}

/** Values worth searching for elsewhere, with the attribute that holds them where there is one. */
function observables(finding: Finding): object[] {
  const users = [...new Set(finding.samples.flatMap((sample) => sample.actor ?? []))];
  return [
    ...finding.addresses.filter(isAddress).map((value) => ({ name: "evidences.src_endpoint.ip", type_id: 2, type: "IP Address", value })),
    ...users.map((value) => ({ name: "evidences.actor.user.name", type_id: 4, type: "User Name", value })),
    ...finding.access_keys.map((value) => ({ type_id: 19, type: "User Credential ID", value })),
    ...finding.resources.map((value) => ({ name: "resources.uid", type_id: 10, type: "Resource UID", value })),
  ];
}

function remediation(finding: Finding): object | undefined {
  const { respond, references } = finding.rule;
  return respond.length === 0 ? undefined : withoutGaps({ desc: respond.join("\n"), references: filled(references) });
}

function milliseconds(iso: string): number | undefined {
  const at = Date.parse(iso);
  return Number.isFinite(at) ? at : undefined;
}

function filled<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function withoutGaps(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
