import { jsonArrayOf, jsonConstant, jsonObject, jsonString, type RecordParts } from "../jsonText.ts";
import { POLICY_CATEGORIES } from "./actions.ts";

/** OCSF's `actor`: the login, the person that single sign-on knows behind it, and the token that was used. */
export function actor(): string {
  return jsonObject({
    user: jsonObject({
      name: jsonString(`coalesce(nullif(actor_name, ''), 'unknown')`),
      uid: jsonString("actor_uid"),
      uid_alt: `CASE WHEN entity_kind = 'person' THEN ${jsonString("entity_name")} END`,
      type_id: `CASE entity_kind WHEN 'role' THEN '4' WHEN 'person' THEN '1' WHEN 'user' THEN '1' END`,
      type: `CASE entity_kind WHEN 'role' THEN ${jsonConstant("Service")} WHEN 'person' THEN ${jsonConstant("User")} WHEN 'user' THEN ${jsonConstant("User")} END`,
      credential_uid: jsonString("access_key"),
    }),
  });
}

/** The user that an action is about. Nobody is named where users do something with their own account. */
export function targetUser(record: RecordParts): string {
  return jsonObject({
    name: jsonString(`coalesce(nullif(target_user, ''), ${record.firstText("/invitee", "/invitee_email", "/email")}, CASE WHEN class_uid <> 3005 THEN nullif(actor_name, '') END, 'unknown')`),
    uid: `CASE WHEN target_user <> '' THEN ${jsonString("target_user_uid")} END`,
  });
}

/** What a user or a team may do from now on; User Access Management wants to know. */
export function privileges(record: RecordParts): string {
  const privilege = `coalesce(nullif(permission, ''), ${record.firstText("/new_repo_permission", "/role")})`;
  return `CASE WHEN class_uid = 3005 OR ${privilege} IS NOT NULL THEN ${jsonArrayOf(jsonString(`coalesce(${privilege}, 'unknown')`))} END`;
}

/** The team, or the group of the identity provider. */
export function group(record: RecordParts): string {
  return jsonObject({ name: jsonString(`coalesce(nullif(team, ''), ${record.firstText("/external_group", "/name")}, 'unknown')`), uid: jsonString(record.firstText("/team_id", "/external_group_id")) });
}

/** The rule, role, hook or app that changes. */
export function changedEntity(record: RecordParts): string {
  const policy = `service IN (${POLICY_CATEGORIES.map((name) => `'${name}'`).join(", ")})`;
  return jsonObject({
    name: jsonString(`coalesce(${record.firstText("/ruleset_name", "/ip_allow_list_entry", "/fingerprint", "/integration", "/oauth_application", "/title", "/name")}, nullif(resource, ''), 'unknown')`),
    uid: jsonString(record.firstText("/ruleset_id", "/hook_id", "/integration_id", "/oauth_application_id", "/id")),
    type: `CASE WHEN ${policy} THEN ${jsonConstant("Policy")} ELSE ${jsonString(`coalesce(service, 'unknown')`)} END`,
    type_id: `CASE WHEN ${policy} THEN '5' ELSE '99' END`,
  });
}

/** An alert, by the number it has in its repository. */
export function finding(record: RecordParts): string {
  const number = record.firstText("/number", "/alert_number");
  return jsonObject({
    uid: jsonString(`CASE WHEN ${number} IS NOT NULL THEN concat_ws('/', nullif(repo, ''), service, ${number}) ELSE event_uid END`),
    title: jsonString("operation"),
    types: jsonArrayOf(jsonString("service")),
  });
}

/** What was touched: the repository (events of Git may name it by `repository` alone), or the organization where none is named. */
export function resources(record: RecordParts): string {
  const ofRepo = `(repo <> '' OR (service = 'git' AND contains(resource, '/')))`;
  const touched = jsonArrayOf(
    jsonObject({
      name: jsonString("resource"),
      type: `CASE WHEN ${ofRepo} THEN ${jsonConstant("repository")} WHEN team <> '' THEN ${jsonConstant("team")} WHEN org <> '' THEN ${jsonConstant("organization")} END`,
      uid: `CASE WHEN ${ofRepo} THEN ${jsonString(record.text("/repo_id"))} WHEN team <> '' THEN NULL WHEN org <> '' THEN ${jsonString(record.text("/org_id"))} END`,
    }),
  );
  return `CASE WHEN resource <> '' THEN ${touched} END`;
}
