import { appEvent } from "./app.event/index.ts";
import { auth0Logs } from "./auth0.logs/index.ts";
import { awsCloudtrail } from "./aws.cloudtrail/index.ts";
import { awsConfig } from "./aws.config/index.ts";
import { awsElb } from "./aws.elb/index.ts";
import { awsGuardduty } from "./aws.guardduty/index.ts";
import { awsS3access } from "./aws.s3access/index.ts";
import { awsSecurityhub } from "./aws.securityhub/index.ts";
import { awsVpcflow } from "./aws.vpcflow/index.ts";
import { azureActivity } from "./azure.activity/index.ts";
import { azureAppgw } from "./azure.appgw/index.ts";
import { azureDiagnostics } from "./azure.diagnostics/index.ts";
import { azureFlow } from "./azure.flow/index.ts";
import type { JsonRecord, SourceDefinition } from "./definition.ts";
import { entraAudit } from "./entra.audit/index.ts";
import { entraPimalert } from "./entra.pimalert/index.ts";
import { entraRisk } from "./entra.risk/index.ts";
import { entraSignin } from "./entra.signin/index.ts";
import { genericJson } from "./generic.json/index.ts";
import { genericText } from "./generic.text/index.ts";
import { githubAudit } from "./github.audit/index.ts";
import { githubWebhook } from "./github.webhook/index.ts";
import { googleWorkspace } from "./google.workspace/index.ts";
import { kubernetesAudit } from "./kubernetes.audit/index.ts";
import { linuxAuditd } from "./linux.auditd/index.ts";
import { linuxAuth } from "./linux.auth/index.ts";
import { linuxLaurel } from "./linux.laurel/index.ts";
import { m365Audit } from "./m365.audit/index.ts";
import { microsoftDefender } from "./microsoft.defender/index.ts";
import { oktaSystem } from "./okta.system/index.ts";
import { otlpLogs } from "./otlp.logs/index.ts";
import { Recogniser, type Contents, type Recognised } from "./recogniser.ts";
import { syslog } from "./syslog/index.ts";
import { webAccess } from "./web.access/index.ts";
import { webError } from "./web.error/index.ts";

export type { Column, JsonRecord, SourceDefinition, TextForm } from "./definition.ts";
export { heardFrom, PLACE_IDENTITY } from "./definition.ts";
export { genericJson } from "./generic.json/index.ts";
export { genericText } from "./generic.text/index.ts";
export { driftOf, type Drift } from "./drift.ts";
export { Shape, type FieldSeen, type JsonType } from "./shape.ts";
export { logRecordsIn } from "./otlp.logs/request.ts";
export { LONGEST_LINE, type Contents, type Held, type Recognised } from "./recogniser.ts";
export { mayTellOfPeople } from "./personal.ts";
export { parseRecord } from "./unwrap.ts";

/** All sources, the most particular first; the last ones take any line, and any JSON object. */
export const sources: readonly SourceDefinition[] = [appEvent, auth0Logs, awsCloudtrail, awsConfig, awsElb, awsGuardduty, awsS3access, awsSecurityhub, awsVpcflow, azureActivity, azureAppgw, azureDiagnostics, azureFlow, entraAudit, entraPimalert, entraRisk, entraSignin, githubAudit, githubWebhook, googleWorkspace, kubernetesAudit, linuxAuditd, linuxAuth, linuxLaurel, m365Audit, microsoftDefender, oktaSystem, otlpLogs, webAccess, webError, syslog, genericText, genericJson];

/** Stands in the place of a source where each record tells by itself what it is. */
export const ANY_SOURCE = "any";

/** The source with this id, or undefined. */
export function sourceById(id: string): SourceDefinition | undefined {
  return sources.find((source) => source.id === id);
}

const recogniser = new Recogniser(sources);

/** What a record holds. @param label what somebody has said that it is of; null where it tells by itself */
export function contentsOf(record: JsonRecord, label: SourceDefinition | null): Contents {
  return recogniser.contents(record, label);
}

/** Tells the source of a line that is no JSON: the first source of text that recognises it. */
export function recogniseLine(line: string): SourceDefinition {
  return recogniser.line(line);
}

const LONGEST_HEADER = 16 * 1024;

/** The source whose lines follow a line that names their fields; null when the line is none. */
export function headedBy(line: string): SourceDefinition | null {
  if (line.length > LONGEST_HEADER) return null;
  return sources.find((source) => source.text?.header?.recognises(line)) ?? null;
}

/** Tells a record's source from its content: the first source that recognises it, or what it wraps; of several events the first that is known. */
export function recognise(record: JsonRecord): Recognised {
  const contents = contentsOf(record, null);
  if ("event" in contents) return contents.event;
  const first = "events" in contents ? contents.events.find(({ source }) => source !== null && source !== genericJson) : undefined;
  return first ? { source: first.source!, text: first.text ?? first.part } : { source: genericJson, text: null };
}

/** The event's JSON text where a record wraps an event of this source; null where it does not. */
export function unwrapped(source: SourceDefinition, record: JsonRecord): string | null {
  const told = recognise(record);
  return told.source === source ? told.text : null;
}
