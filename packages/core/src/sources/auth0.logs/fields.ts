const names = [
  "type", "date", "log_id", "_id", "description", "ip", "user_agent", "user_id", "user_name", "client_id", "client_name", "connection", "connection_id",
  "hostname", "tenant_name", "organization_id", "audience", "strategy", "session_id",
  "details.request.method", "details.request.path", "details.request.ip", "details.request.auth.user.email", "details.request.auth.user.name",
  "details.request.auth.credentials.jti", "details.response.statusCode",
];

/** Fields of a tenant log that columns are made of, by Auth0's own dotted paths, with their JSON pointers. */
export const fields: Readonly<Record<string, string>> = Object.fromEntries(names.map((name) => [name, `/${name.replaceAll(".", "/")}`]));
