import { PLACEHOLDER_NUMBERS } from "./placeholders.ts";
import { compile, type Template } from "./template.ts";

/** An operation as its catalogue writes it: JSON text with `<placeholders>`. What is left out is null or absent in the record. */
export interface OperationText {
  readonly request?: string;
  readonly response?: string;
  readonly additional?: string;
  readonly resources?: string;
  /** A data event (S3 objects, DynamoDB items, Lambda calls) instead of a management event. */
  readonly data?: boolean;
  /** Told from the name when absent. */
  readonly readOnly?: boolean;
  /** Logged in us-east-1 wherever the caller is (IAM, Organizations, CloudFront, Route 53). */
  readonly global?: boolean;
  /** `clientProvidedHostHeader`; told from the service when absent. */
  readonly host?: string;
  readonly eventType?: string;
  /** Errors that happen now and then in a healthy company: code and message. */
  readonly faults?: readonly (readonly [code: string, message: string])[];
}

/** A compiled operation. */
export interface Operation {
  /** `s3` for `s3.amazonaws.com`. */
  readonly service: string;
  readonly name: string;
  /** The record's text up to the caller, from the time to the region, and around the event type. */
  readonly head: string;
  readonly what: string;
  readonly kind: string;
  /** Older record versions carry an empty `webIdFederationData` in every session. */
  readonly oldSessions: boolean;
  readonly global: boolean;
  readonly readOnly: boolean;
  readonly data: boolean;
  readonly eventType: string;
  readonly request: Template | null;
  readonly response: Template | null;
  readonly additional: Template | null;
  readonly resources: Template | null;
  /** `,"tlsDetails":{…}` and `,"requestID":"…"`. */
  readonly tls: Template;
  readonly requestId: Template;
  readonly faults: readonly { readonly code: string; readonly message: Template }[];
}

/** Services whose records carry another version than 1.11, the one most services wrote last. */
const VERSIONS: Readonly<Record<string, string>> = {
  signin: "1.08",
  sso: "1.08",
  ssm: "1.08",
  autoscaling: "1.08",
  health: "1.08",
  config: "1.08",
  tagging: "1.08",
  elasticloadbalancing: "1.09",
  cloudtrail: "1.09",
  ecs: "1.09",
  organizations: "1.09",
  monitoring: "1.10",
  logs: "1.10",
};

const READS = /^(?:Get|List|Describe|Head|Lookup|BatchGet|BatchCheck|Assume|Decrypt|GenerateDataKey|Query|Scan|Search|Check|Simulate|Select|View|Validate)/;

function template(text: string | undefined): Template | null {
  return text === undefined ? null : compile(text, PLACEHOLDER_NUMBERS);
}

/** Compiles one operation; the key is `service:Name`. */
export function compileOperation(key: string, text: OperationText): Operation {
  const [service = "", name = ""] = key.split(":");
  const version = VERSIONS[service] ?? "1.11";
  const global = text.global ?? false;
  const eventType = text.eventType ?? "AwsApiCall";
  const host = text.host ?? (global ? `${service}.amazonaws.com` : `${service}.<region>.amazonaws.com`);
  return {
    service,
    name,
    head: `{"eventVersion":"${version}","userIdentity":`,
    what: `","eventSource":"${service}.amazonaws.com","eventName":"${name}","awsRegion":"`,
    kind: `,"eventType":"${eventType}","managementEvent":${text.data === true ? "false" : "true"},"recipientAccountId":"`,
    oldSessions: version === "1.08",
    global,
    readOnly: text.readOnly ?? READS.test(name),
    data: text.data ?? false,
    eventType,
    request: template(text.request),
    response: template(text.response),
    additional: template(text.additional),
    resources: template(text.resources),
    tls: compile(`,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${host}"}`, PLACEHOLDER_NUMBERS),
    requestId: compile(`,"requestID":"<${service === "s3" ? "s3RequestId" : "requestId"}>"`, PLACEHOLDER_NUMBERS),
    faults: (text.faults ?? []).map(([code, message]) => ({ code, message: compile(message, PLACEHOLDER_NUMBERS) })),
  };
}

/** Compiles the operations of one catalogue by key. */
export function operations(texts: Readonly<Record<string, OperationText>>): Map<string, Operation> {
  return new Map(Object.entries(texts).map(([key, text]) => [key, compileOperation(key, text)]));
}

/** A JSON document as the text inside a JSON string, the way IAM and S3 record policies. Placeholders stay as they are. */
export function embedded(document: unknown): string {
  return JSON.stringify(JSON.stringify(document)).slice(1, -1);
}
