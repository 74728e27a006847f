import type { Caller } from "./caller.ts";
import type { Operation } from "./operation.ts";
import type { Scene } from "./scene.ts";
import { fill, type Template } from "./template.ts";
import { isoSeconds } from "./times.ts";

/** Why a request failed. Sign-in failures have a message and no code. */
export interface Fault {
  readonly code?: string;
  readonly message: string;
}

/** What differs from the operation's usual record. Texts are JSON. */
export interface Difference {
  readonly fault?: Fault;
  readonly request?: string;
  readonly response?: string;
  readonly additional?: string;
  readonly resources?: string;
  /** One event that two accounts record. */
  readonly sharedEventId?: string;
}

const NOTHING: Difference = {};

/** A finished record and where it belongs. */
export interface MadeRecord {
  readonly eventId: string;
  /** Where the trail delivers it: us-east-1 for global services. */
  readonly region: string;
  /** The record as compact JSON in CloudTrail's field order. */
  readonly text: string;
}

/**
 * One CloudTrail record, as AWS writes it ("CloudTrail record contents", AWS CloudTrail User Guide).
 * The scene must have been set with `begin`. Built from pieces joined once: `JSON.stringify` of the object takes several times
 * as long, and adding strings up leaves V8 a rope of a hundred pieces to flatten, which took a third of the time.
 */
export function makeRecord(operation: Operation, caller: Caller, scene: Scene, difference: Difference = NOTHING): MadeRecord {
  if (operation.global) scene.region = "us-east-1";
  const { region } = scene;
  const eventId = scene.random.guid();
  const { fault } = difference;
  const isCall = operation.eventType === "AwsApiCall";
  const parts: string[] = [
    operation.head,
    operation.oldSessions ? caller.oldIdentity : caller.identity,
    ',"eventTime":"',
    isoSeconds(scene.time),
    operation.what,
    region,
    operation.service === "s3" ? caller.fromS3 : caller.from,
  ];
  if (fault?.code !== undefined) parts.push(',"errorCode":"', fault.code, '"');
  if (fault !== undefined) parts.push(',"errorMessage":"', fault.message, '"');
  parts.push(',"requestParameters":');
  add(parts, scene, difference.request, operation.request);
  parts.push(',"responseElements":');
  add(parts, scene, difference.response, fault === undefined ? operation.response : null);
  if (difference.additional !== undefined || operation.additional !== null) {
    parts.push(',"additionalEventData":');
    add(parts, scene, difference.additional, operation.additional);
  }
  if (isCall) fill(operation.requestId, scene, parts);
  parts.push(',"eventID":"', eventId, operation.readOnly ? '","readOnly":true' : '","readOnly":false');
  if (difference.resources !== undefined || operation.resources !== null) {
    parts.push(',"resources":');
    add(parts, scene, difference.resources, operation.resources);
  }
  parts.push(operation.kind, scene.account.id, '"');
  if (difference.sharedEventId !== undefined) parts.push(',"sharedEventID":"', difference.sharedEventId, '"');
  if (caller.endpoint !== null) parts.push(',"vpcEndpointId":"', caller.endpoint, '","vpcEndpointAccountId":"', scene.account.id, '"');
  parts.push(operation.data ? ',"eventCategory":"Data"' : ',"eventCategory":"Management"');
  if (!caller.internal) fill(operation.tls, scene, parts);
  parts.push(caller.console && isCall ? ',"sessionCredentialFromConsole":"true"}' : "}");
  return { eventId, region, text: parts.join("") };
}

/** The story's own text, else the operation's, else null. */
function add(parts: string[], scene: Scene, text: string | undefined, usual: Template | null): void {
  if (text !== undefined) parts.push(text);
  else if (usual === null) parts.push("null");
  else fill(usual, scene, parts);
}
