import { timestampSql } from "../definition.ts";
import { jsonConstant, jsonMillis, jsonObject, jsonString, type RecordParts } from "../jsonText.ts";

const SESSION = "/userIdentity/sessionContext";

/** The session's name: what follows the colon of an assumed role's or federated user's principal id. */
const sessionName = `CASE WHEN actor_type IN ('AssumedRole', 'FederatedUser') THEN nullif(split_part(actor_uid, ':', 2), '') END`;

/** OCSF's `user` for whoever made the call. The kind of identity keeps AWS's own word. */
export function actorUser(): string {
  const name = `coalesce(nullif(actor_name, ''), ${sessionName}, CASE WHEN actor_type = 'AWSService' THEN nullif(invoked_by, '') END,
      CASE WHEN coalesce(nullif(actor_uid, ''), nullif(actor_account, ''), nullif(invoked_by, '')) IS NULL THEN 'unknown' END)`;
  const user = jsonObject({
    type: jsonString("actor_type"),
    type_id: `CASE WHEN actor_type = 'Unknown' THEN '0' WHEN actor_type <> '' THEN '99' END`,
    name: jsonString(name),
    uid: jsonString("actor_uid"),
    uid_alt: jsonString("actor_arn"),
    credential_uid: jsonString("access_key"),
    account: jsonObject({ uid: jsonString("actor_account") }),
  });
  return `CASE WHEN coalesce(${name}, nullif(actor_uid, ''), nullif(actor_account, '')) IS NOT NULL THEN ${user} END`;
}

/** OCSF's `actor`: the user, the session it acted in, the AWS service that acted for it, and who vouched for it. */
export function actor(record: RecordParts): string {
  return jsonObject({
    user: actorUser(),
    session: jsonObject({
      uid: jsonString(sessionName),
      created_time: jsonMillis(timestampSql(record.text(`${SESSION}/attributes/creationDate`))),
      issuer: jsonString(record.text(`${SESSION}/sessionIssuer/arn`)),
      is_mfa: booleanText("mfa"),
    }),
    invoked_by: jsonString("invoked_by"),
    idp: jsonObject({
      name: jsonString(record.firstText("/userIdentity/identityProvider", `${SESSION}/webIdFederationData/federatedProvider`)),
    }),
  });
}

/** How somebody signed in: whether with a second factor, and by which protocol. */
export function signInMembers(record: RecordParts): Record<string, string> {
  const mfaUsed = record.text("/additionalEventData/MFAUsed");
  const saml = `(operation = 'AssumeRoleWithSAML' OR ${record.text("/additionalEventData/SamlProviderArn")} IS NOT NULL)`;
  const openId = `operation = 'AssumeRoleWithWebIdentity'`;
  return {
    is_mfa: `CASE ${mfaUsed} WHEN 'Yes' THEN 'true' WHEN 'No' THEN 'false' ELSE ${booleanText("mfa")} END`,
    auth_protocol_id: `CASE WHEN ${saml} THEN '5' WHEN ${openId} THEN '4' END`,
    auth_protocol: `CASE WHEN ${saml} THEN ${jsonConstant("SAML")} WHEN ${openId} THEN ${jsonConstant("OpenID")} END`,
    service: jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'unknown')`) }),
  };
}

function booleanText(sql: string): string {
  return `CASE WHEN ${sql} IN ('true', 'false') THEN ${sql} END`;
}
