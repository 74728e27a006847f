import { jsonArrayOf, jsonConstant, jsonObject, jsonString } from "../jsonText.ts";
import { endpointOf, eventMembers } from "../ocsfEvent.ts";

const CLASS_NAMES = { 1007: "Process Activity", 3001: "Account Change", 3002: "Authentication", 3006: "Group Management", 4007: "SSH Activity", 6002: "Application Lifecycle" };

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const named = (name: string): string => jsonObject({ name: jsonString(name) });
const pid = `CASE WHEN TRY_CAST(pid AS INTEGER) >= 0 THEN TRY_CAST(pid AS INTEGER)::VARCHAR END`;
const writer = jsonObject({ name: jsonString("program"), pid, uid: `CASE WHEN ${pid} IS NULL THEN ${jsonString("event_uid")} END` });
const actor = jsonObject({ user: `CASE WHEN actor_name <> '' THEN ${named("actor_name")} END`, process: writer });

/** Whom it is about: for sudo, su and accounts the other user. */
const user = jsonObject({
  name: jsonString(`coalesce(nullif(target_user, ''), nullif(actor_name, ''), 'unknown')`),
  uid: jsonString("uid"),
  credential_uid: jsonString("access_key"),
});

const port = `CASE WHEN TRY_CAST(port AS INTEGER) BETWEEN 0 AND 65535 THEN TRY_CAST(port AS INTEGER)::VARCHAR END`;
const machine = `coalesce(nullif(host, ''), 'unknown')`;

/** sudo tells the command and whose it becomes, and not its number; OCSF wants something that identifies a process. */
const process = jsonObject({ uid: jsonString("event_uid"), cmd_line: jsonString("command"), working_directory: jsonString("cwd"), user: `CASE WHEN target_user <> '' THEN ${named("target_user")} END` });

/** The line as OCSF 1.8.0. docs/sources/linux.auth.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Linux", vendor: "unknown" }, CLASS_NAMES, { profiles: jsonArrayOf(jsonConstant("host")), log_provider: jsonString("program") }),
  message: jsonString("message"),
  status_detail: `CASE WHEN status_id = 2 THEN ${jsonString("outcome")} END`,
  count: `CASE WHEN "count" > 1 THEN "count"::VARCHAR END`,
  device: jsonObject({ hostname: jsonString(machine), type_id: "'0'" }),
  actor,
  user: when("3001, 3002", user),
  group: when("3006", named(`coalesce(nullif(group_name, ''), 'unknown')`)),
  process: when("1007", process),
  app: when("6002", named(`coalesce(nullif(program, ''), 'unknown')`)),
  service: when("3002", named(`coalesce(nullif(service, ''), 'unknown')`)),
  dst_endpoint: when("3002, 4007", jsonObject({ hostname: jsonString(machine) })),
  src_endpoint: `CASE WHEN address <> '' AND class_uid IN (3001, 3002, 3006, 4007) THEN ${endpointOf("address", { port })} END`,
  auth_protocol: when("3002", jsonString("method")),
  auth_protocol_id: when("3002", `CASE WHEN method <> '' THEN '99' END`),
  is_remote: when("3002", `CASE WHEN address <> '' THEN 'true' END`),
  session: when("3002", `CASE WHEN tty <> '' THEN ${jsonObject({ terminal: jsonString("tty") })} END`),
})}::JSON`;
