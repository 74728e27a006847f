/** CloudTrail's fields that columns are made of, by the name rules use, with their JSON pointers. */
const top = [
  "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage",
  "recipientAccountId", "readOnly", "eventType", "vpcEndpointId",
];
const nested = [
  "userIdentity.type", "userIdentity.arn", "userIdentity.principalId", "userIdentity.accountId", "userIdentity.accessKeyId",
  "userIdentity.userName", "userIdentity.invokedBy", "userIdentity.onBehalfOf.userId", "userIdentity.sessionContext.sourceIdentity",
  "userIdentity.sessionContext.sessionIssuer.type", "userIdentity.sessionContext.sessionIssuer.userName",
  "userIdentity.sessionContext.attributes.mfaAuthenticated",
  // Insights events name the call that they count here, and nowhere else.
  "insightDetails.eventSource", "insightDetails.eventName", "insightDetails.insightType",
];

/**
 * Parameters that name what a call was about, most telling first. CloudTrail fills `resources` for few calls only, so the
 * parameters are the better witness.
 */
export const targets = [
  "roleName", "userName", "groupName", "policyArn", "bucketName", "functionName", "secretId", "keyId", "instanceId", "snapshotId",
  "dBInstanceIdentifier", "clusterName", "repositoryName", "tableName", "detectorId", "groupId", "name",
];

export const fields: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...top, ...nested].map((name) => [name, `/${name.replaceAll(".", "/")}`])),
  "resources[0].ARN": "/resources/0/ARN",
  // EC2 names the machines it is asked for in a list; the first stands for all.
  "requestParameters.instancesSet.items[0].instanceId": "/requestParameters/instancesSet/items/0/instanceId",
  ...Object.fromEntries(targets.map((name) => [`requestParameters.${name}`, `/requestParameters/${name}`])),
};
