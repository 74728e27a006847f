/** Members of an audit log event that columns are made of, by GitHub's own names. */
const names = [
  "_document_id", "@timestamp", "created_at", "at_sign_timestamp", "action", "operation_type", "actor", "actor_id", "actor_is_bot", "actor_ip", "user_agent", "user", "user_id",
  "external_identity_nameid", "external_identity_username", "business", "org", "repo", "repository", "team", "visibility", "previous_visibility", "permission", "old_permission",
  "hashed_token", "token_id", "token_scopes", "programmatic_access_type", "transport_protocol_name", "request_method", "status_code", "conclusion",
];

export const fields: Readonly<Record<string, string>> = {
  ...Object.fromEntries(names.map((name) => [name, `/${name}`])),
  "actor_location.country_code": "/actor_location/country_code",
};
