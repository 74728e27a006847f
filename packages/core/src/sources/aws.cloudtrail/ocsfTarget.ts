import { jsonArrayOf, jsonConstant, jsonObject, jsonString, type RecordParts } from "../jsonText.ts";
import { actorUser } from "./ocsfActor.ts";

const REQUEST = "/requestParameters";
const RESPONSE = "/responseElements";

/** The user that a call was about: the one it names, the identity that a new session acts as, or else whoever made the call. */
export function targetUser(record: RecordParts): string {
  const roleArn = record.firstText(`${REQUEST}/roleArn`, "/resources/0/ARN");
  const taken = jsonObject({
    name: jsonString(`coalesce(${record.firstText(`${REQUEST}/roleSessionName`)}, ${roleArn})`),
    uid: jsonString(record.text(`${RESPONSE}/assumedRoleUser/assumedRoleId`)),
    uid_alt: jsonString(roleArn),
    account: jsonObject({ uid: jsonString(`split_part(${roleArn}, ':', 5)`) }),
  });
  const federated = jsonObject({
    name: jsonString(record.text(`${REQUEST}/name`)),
    uid: jsonString(record.text(`${RESPONSE}/federatedUser/federatedUserId`)),
    uid_alt: jsonString(record.text(`${RESPONSE}/federatedUser/arn`)),
  });
  return `CASE WHEN starts_with(operation, 'AssumeRole') AND ${roleArn} IS NOT NULL THEN ${taken}
    WHEN operation = 'GetFederationToken' AND ${record.text(`${REQUEST}/name`)} <> '' THEN ${federated}
    WHEN operation = 'AssumeRoot' THEN coalesce(${rootOf(record)}, ${actorUser()})
    ELSE coalesce(${namedUser(record)}, ${anyUser()}) END`;
}

/** The member accounts' root, as AssumeRoot names it. */
function rootOf(record: RecordParts): string {
  const account = record.text(`${REQUEST}/targetPrincipal`);
  return `CASE WHEN ${account} <> '' THEN ${jsonObject({ name: jsonConstant("root"), account: jsonObject({ uid: jsonString(account) }) })} END`;
}

/** The user that the request names; NULL when it names none. */
export function namedUser(record: RecordParts): string {
  return `CASE WHEN ${record.text(`${REQUEST}/userName`)} <> '' THEN ${jsonObject({
    name: jsonString(record.text(`${REQUEST}/userName`)),
    uid: jsonString(record.text(`${RESPONSE}/user/userId`)),
    uid_alt: jsonString(record.text(`${RESPONSE}/user/arn`)),
    account: jsonObject({ uid: jsonString("account") }),
  })} END`;
}

/** `user` is required where it stands, `actor.user` is not. */
function anyUser(): string {
  return `coalesce(${actorUser()}, ${jsonObject({ name: jsonString("coalesce(nullif(entity_name, ''), 'unknown')") })})`;
}

/** Policies that a call gives or takes. */
export function privileges(record: RecordParts): string {
  const policy = record.firstText(`${REQUEST}/policyArn`, `${REQUEST}/policyName`);
  return `CASE WHEN class_uid = 3005 OR ${policy} IS NOT NULL THEN ${jsonArrayOf(jsonString(`coalesce(${policy}, 'unknown')`))} END`;
}

/** The group of Group Management. */
export function group(record: RecordParts): string {
  return jsonObject({
    name: jsonString(`coalesce(${record.firstText(`${REQUEST}/groupName`)}, 'unknown')`),
    uid: jsonString(record.text(`${RESPONSE}/group/groupId`)),
  });
}

/** The role, policy, instance profile or identity provider of Entity Management: the one that changes, not what is put into it. */
export function entity(record: RecordParts): string {
  const kind = `CASE WHEN contains(operation, 'InstanceProfile') THEN 'Instance Profile' WHEN contains(operation, 'Role') THEN 'Role'
      WHEN contains(operation, 'Provider') THEN 'Identity Provider' ELSE 'Policy' END`;
  const request = (...names: readonly string[]): string => record.firstText(...names.map((name) => `${REQUEST}/${name}`));
  const provider = record.firstText(
    `${REQUEST}/sAMLProviderArn`, `${REQUEST}/openIDConnectProviderArn`, `${RESPONSE}/sAMLProviderArn`, `${RESPONSE}/openIDConnectProviderArn`,
  );
  const name = `CASE ${kind} WHEN 'Instance Profile' THEN ${request("instanceProfileName")} WHEN 'Role' THEN ${request("roleName", "aWSServiceName")}
      WHEN 'Identity Provider' THEN ${request("name", "url")} ELSE ${request("policyName", "policyArn")} END`;
  const uid = `CASE ${kind} WHEN 'Instance Profile' THEN ${record.text(`${RESPONSE}/instanceProfile/arn`)} WHEN 'Role' THEN ${record.text(`${RESPONSE}/role/arn`)}
      WHEN 'Identity Provider' THEN ${provider} ELSE ${record.firstText(`${REQUEST}/policyArn`, `${RESPONSE}/policy/arn`)} END`;
  return jsonObject({
    type: jsonString(kind),
    type_id: `CASE ${kind} WHEN 'Policy' THEN '5' ELSE '99' END`,
    name: jsonString(`coalesce(${name}, nullif(resource, ''), nullif(${uid}, ''), 'unknown')`),
    uid: jsonString(uid),
    policy: `CASE WHEN ${kind} = 'Role' THEN ${jsonObject({ name: jsonString(request("policyName")), uid: jsonString(request("policyArn")) })} END`,
  });
}

/** Parameters that name a resource and are too rare to be looked at in every record on its way in. */
const RARE_NAMES = [
  "roleArn", "resourceArn", "topicArn", "queueUrl", "logGroupName", "stackName", "volumeId", "imageId", "vpcId", "trailName", "dBClusterIdentifier",
  "dBSnapshotIdentifier", "resourceId", "target",
];

/** What the call was about: CloudTrail's own list where it gives one, else the machines or the resource that the call names. */
export function resources(record: RecordParts): string {
  const uid = `coalesce(nullif(one->>'/ARN', ''), nullif(one->>'/arn', ''), nullif(one->>'/ARNPrefix', ''), CASE WHEN json_type(one) = 'VARCHAR' THEN one->>'$' END)`;
  const resource = jsonObject({
    uid: jsonString(uid),
    name: `CASE WHEN ${uid} IS NULL THEN ${jsonString(`one->>'/type'`)} END`,
    type: jsonString(`one->>'/type'`),
    owner: jsonObject({ account: jsonObject({ uid: jsonString(`one->>'/accountId'`) }) }),
  });
  const listed = record.json("/resources");
  const named = `CASE WHEN coalesce(${uid}, nullif(one->>'/type', '')) IS NOT NULL THEN ${resource} END`;
  const machines = (of: string): string => arrayOf(`json_extract(${record.json(of)}, '$.instancesSet.items[*].instanceId')`, jsonObject({ uid: jsonString(`one->>'$'`) }));
  const single = jsonObject({ uid: jsonString(`coalesce(nullif(resource, ''), ${record.firstText(...RARE_NAMES.map((name) => `${REQUEST}/${name}`))})`) });
  return `coalesce(CASE WHEN json_type(${listed}) = 'ARRAY' THEN ${arrayOf(`json_extract(${listed}, '$[*]')`, named)} END,
    ${machines(REQUEST)}, ${machines(RESPONSE)}, ${jsonArrayOf(single)})`;
}

/** A JSON array of `sql` for each `one` of a list, without those that are NULL; NULL when none is left. */
function arrayOf(list: string, sql: string): string {
  return jsonArrayOf(`list_aggregate(list_transform(${list}, lambda one: ${sql}), 'string_agg', ',')`);
}
