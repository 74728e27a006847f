import { jsonConstant, jsonMillis, jsonObject, jsonString } from "../jsonText.ts";

/** The severities of RFC 5424, by their numbers, and what OCSF has for each. */
const SEVERITIES: readonly (readonly [name: string, id: number, caption: string])[] = [
  ["emerg", 6, "Fatal"],
  ["alert", 5, "Critical"],
  ["crit", 5, "Critical"],
  ["err", 4, "High"],
  ["warning", 3, "Medium"],
  ["notice", 2, "Low"],
  ["info", 1, "Informational"],
  ["debug", 1, "Informational"],
];
export const severities = SEVERITIES.map(([name]) => name);

const bySeverity = (sql: (id: number, caption: string) => string, otherwise: string): string => `CASE severity ${SEVERITIES.map(([name, id, caption]) => `WHEN '${name}' THEN ${sql(id, caption)}`).join(" ")} ELSE ${otherwise} END`;
const pid = `CASE WHEN TRY_CAST(pid AS INTEGER) >= 0 THEN TRY_CAST(pid AS INTEGER)::VARCHAR END`;

/** A Base Event of OCSF 1.8.0: the text is any program's. Of cron it is known what it means. */
export const ocsf = `${jsonObject({
  metadata: jsonObject({
    version: jsonConstant("1.8.0"),
    product: jsonObject({ name: jsonConstant("Syslog"), vendor_name: jsonConstant("unknown") }),
    uid: jsonString("event_uid"),
    event_code: jsonString("msgid"),
    log_name: jsonString("source"),
    log_level: jsonString("severity"),
    log_provider: jsonString("program"),
    profiles: `'["host"]'`,
  }),
  time: jsonMillis(`"time"`),
  class_uid: "class_uid::VARCHAR",
  class_name: `CASE class_uid WHEN 1006 THEN ${jsonConstant("Scheduled Job Activity")} ELSE ${jsonConstant("Base Event")} END`,
  category_uid: "(class_uid // 1000)::VARCHAR",
  activity_id: "activity_id::VARCHAR",
  type_uid: "(class_uid * 100 + activity_id)::VARCHAR",
  severity_id: bySeverity((id) => `'${id}'`, "'1'"),
  severity: bySeverity((_, caption) => jsonConstant(caption), jsonConstant("Informational")),
  message: jsonString("message"),
  device: jsonObject({ hostname: jsonString(`coalesce(nullif(host, ''), 'unknown')`), type_id: "'0'" }),
  actor: `CASE WHEN program <> '' THEN ${jsonObject({ app_name: jsonString("program"), process: `CASE WHEN ${pid} IS NOT NULL THEN ${jsonObject({ name: jsonString("program"), pid })} END` })} END`,
  job: `CASE class_uid WHEN 1006 THEN ${jsonObject({ name: jsonString("command"), cmd_line: jsonString("command"), user: jsonObject({ name: jsonString("actor_name") }) })} END`,
  unmapped: `CASE WHEN structured_data <> '' OR facility <> '' THEN ${jsonObject({ facility: jsonString("facility"), structured_data: "structured_data" })} END`,
})}::JSON`;
