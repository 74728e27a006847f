import rhea, { type Message } from "rhea";
import type { Partition } from "./partition.ts";
import { checkSignature } from "./signature.ts";

/** The hub, as requests see it. */
export interface HubState {
  name: string;
  groups: readonly string[];
  created: Date;
  partitions: Partition[];
  keys: Map<string, string>;
  rights: Map<string, readonly string[]>;
  entra: { accepts(token: string): boolean };
  now: () => Date;
}

/** What a connection may, by the audience of the tokens that were put. */
export type Claims = Map<string, { rights: readonly string[]; until: number }>;

type Answer = Pick<Message, "application_properties" | "body">;

/** Answers a request to `$cbs` or `$management`. */
export function answerRequest(state: HubState, claims: Claims, to: string, message: Message): Answer {
  return to === "$cbs" ? putToken(state, claims, message) : manage(state, claims, message);
}

function putToken({ keys, rights, entra, name: hub, now }: HubState, claims: Claims, { application_properties: asked = {}, body }: Message): Answer {
  const audience = String(asked["name"]);
  if (asked["operation"] !== "put-token") return answer(400, "amqp:not-implemented");
  if (!new RegExp(`^(?:sb|amqps?)://[^/]+/${hub}(?:/|$)`).test(audience)) return answer(404, `The messaging entity '${audience}' could not be found.`);
  if (asked["type"] === "jwt") {
    if (!entra.accepts(String(body))) return answer(401, "InvalidIssuer: The token is not accepted.");
    claims.set(audience, { rights: ["Listen"], until: Infinity });
    return answer(202, "Accepted");
  }
  if (asked["type"] !== "servicebus.windows.net:sastoken") return answer(400, "The type of the token is not supported.");
  const signed = checkSignature(String(body), keys, now());
  if ("status" in signed) return answer(signed.status, signed.description);
  if (!audience.toLowerCase().startsWith(signed.resource.toLowerCase())) return answer(401, "InvalidAudience: The token is for another resource.");
  claims.set(audience, { rights: rights.get(signed.name) ?? [], until: signed.expires });
  return answer(202, "Accepted");
}

function manage({ name, created, partitions, now }: HubState, claims: Claims, { application_properties: asked = {} }: Message): Answer {
  const allowed = [...claims].some(([audience, { until }]) => audience.endsWith("/$management") && until > now().getTime());
  if (!allowed) return refuse(401, "amqp:unauthorized-access", "Unauthorized access. 'Manage,EventHubsListen' claim(s) are required.");
  if (asked["name"] !== name) return refuse(404, "amqp:not-found", `The messaging entity '${String(asked["name"])}' could not be found.`);
  if (asked["operation"] !== "READ") return refuse(501, "amqp:not-implemented", "Not implemented.");
  if (asked["type"] === "com.microsoft:eventhub") return { application_properties: { "status-code": 200, "status-description": "OK" }, body: { name, type: "com.microsoft:eventhub", created_at: rhea.types.wrap_timestamp(created.getTime()), partition_count: partitions.length, partition_ids: partitions.map((_, no) => String(no)) } };
  const partition = partitions[Number(asked["partition"])];
  if (asked["type"] !== "com.microsoft:partition" || partition === undefined) return refuse(404, "amqp:not-found", "There is no such partition.");
  const body = {
    name, type: "com.microsoft:partition", partition: String(asked["partition"]), begin_sequence_number: rhea.types.wrap_long(partition.begin),
    last_enqueued_sequence_number: rhea.types.wrap_long(partition.next - 1), last_enqueued_offset: String(partition.last?.offset ?? -1), last_enqueued_time_utc: rhea.types.wrap_timestamp(partition.last?.enqueued.getTime() ?? 0), is_partition_empty: partition.isEmpty,
  };
  return { application_properties: { "status-code": 200, "status-description": "OK" }, body };
}

const answer = (status: number, description: string): Answer => ({ application_properties: { "status-code": status, "status-description": description }, body: "" });

const refuse = (status: number, condition: string, description: string): Answer => ({ application_properties: { "status-code": status, "status-description": description, "error-condition": condition }, body: null });
