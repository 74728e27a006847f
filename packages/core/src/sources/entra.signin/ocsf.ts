import { jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();
const text = (path: string): string => record.firstText(`/properties/${path}`, `/${path}`);

const MAPPED = ["time", "createdDateTime", "category", "operationName", "tenantId", "resultType", "resultDescription", "callerIpAddress", "ipAddress", "userPrincipalName", "userDisplayName", "userId", "userAgent", "id", "correlationId", "resourceDisplayName"];

/** OCSF's numbers of the protocols that Entra names; all others keep their name. */
const protocol = `CASE protocol WHEN 'saml20' THEN '5' WHEN 'oAuth2' THEN '6' WHEN 'none' THEN NULL WHEN '' THEN NULL ELSE CASE WHEN protocol IS NOT NULL THEN '99' END END`;
const protocolName = `CASE protocol WHEN 'saml20' THEN ${jsonConstant("SAML")} WHEN 'oAuth2' THEN ${jsonConstant("OAUTH 2.0")} WHEN 'none' THEN NULL ELSE ${jsonString("protocol")} END`;

const user = jsonObject({
  name: jsonString(`coalesce(nullif(actor_name, ''), CASE WHEN nullif(actor_uid, '') IS NULL THEN 'unknown' END)`),
  uid: jsonString("actor_uid"),
  full_name: jsonString(text("userDisplayName")),
  type: `CASE WHEN entity_kind = 'role' THEN ${jsonConstant("Service Principal")} ELSE ${jsonString("user_type")} END`,
  type_id: `CASE WHEN entity_kind = 'role' OR user_type <> '' THEN '99' END`,
  credential_uid: jsonString("access_key"),
  email_addr: `CASE WHEN entity_kind = 'person' AND regexp_full_match(entity_name, '[a-z0-9._%+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+') THEN ${jsonString("entity_name")} END`,
});

const place = jsonObject({ country: `CASE WHEN regexp_full_match(country, '[A-Z]{2}') THEN ${jsonString("country")} END`, city: jsonString(text("location/city")) });

/** The sign-in as OCSF 1.8.0, Authentication. docs/sources/entra.signin.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Microsoft Entra ID", vendor: "Microsoft" }, { 3002: "Authentication" }, { correlation_uid: jsonString("correlation_id"), tenant_uid: jsonString("account"), original_time: jsonString(record.firstText("/properties/createdDateTime", "/createdDateTime", "/time")) }),
    activity_name: jsonConstant("Logon"),
    status_code: jsonString("result_type"),
    status_detail: jsonString("result_description"),
    user,
    actor: jsonObject({ app_name: jsonString("resource"), app_uid: jsonString("app_id"), session: jsonObject({ uid: jsonString(text("sessionId")) }) }),
    service: jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'unknown')`), uid: jsonString(record.text("/properties/resourceId")) }),
    auth_protocol_id: protocol,
    auth_protocol: protocolName,
    is_mfa: `CASE authentication_requirement WHEN 'multiFactorAuthentication' THEN CASE WHEN status_id = 1 THEN 'true' END WHEN 'singleFactorAuthentication' THEN 'false' END`,
    http_request: jsonObject({ user_agent: jsonString("user_agent") }),
    src_endpoint: endpointOf("address", { uid: jsonString("device_id"), location: place }),
    unmapped: unmapped(MAPPED),
  }),
);
