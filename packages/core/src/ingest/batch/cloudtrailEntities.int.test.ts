import { beforeAll, describe, expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const ACCOUNT = "111122223333";

/** A session of a role, as CloudTrail describes it. */
function session(role: string, name: string, account = ACCOUNT, context: JsonRecord = {}): JsonRecord {
  const sessionIssuer = { type: "Role", principalId: "AROAEXAMPLE", arn: `arn:aws:iam::${account}:role/${role}`, accountId: account, userName: role };
  return {
    type: "AssumedRole",
    principalId: `AROAEXAMPLE:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    sessionContext: { sessionIssuer, ...context },
  };
}

const user = (name: string): JsonRecord => ({ type: "IAMUser", principalId: "AIDAEXAMPLE", arn: `arn:aws:iam::${ACCOUNT}:user/staff/${name}`, accountId: ACCOUNT, userName: name });
const federated = (issuer: JsonRecord): JsonRecord => ({
  type: "FederatedUser",
  principalId: `${ACCOUNT}:report`,
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/report`,
  accountId: ACCOUNT,
  sessionContext: { sessionIssuer: issuer },
});
const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/example.com`;

/** What acted, the identity in its records, whose finding it is; other members of the record where they matter. */
const CASES: [what: string, identity: JsonRecord | null, entity: string, record?: JsonRecord][] = [
  ["root", { type: "Root", principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT }, `user:${ACCOUNT}:root`],
  ["root of another account", { type: "Root", principalId: "444455556666", arn: "arn:aws:iam::444455556666:root", accountId: "444455556666" }, "user:444455556666:root"],
  ["a user", user("anna"), `user:${ACCOUNT}:anna`],
  ["a user without a name, but with a path", { ...user("anna"), userName: null }, `user:${ACCOUNT}:anna`],
  ["a user known by the id only", { type: "IAMUser", principalId: "AIDAEXAMPLE", accountId: ACCOUNT }, `user:${ACCOUNT}:AIDAEXAMPLE`],
  ["a user through an AWS service", { ...user("anna"), invokedBy: "cloudformation.amazonaws.com" }, `user:${ACCOUNT}:anna`],
  ["one person by single sign-on", session("AWSReservedSSO_Admin_0123456789abcdef", "Anna@example.com"), "person:anna@example.com"],
  ["another person behind the same role", session("AWSReservedSSO_Admin_0123456789abcdef", "ben"), "person:ben"],
  ["the same person in another account", session("AWSReservedSSO_Read_fedcba9876543210", "anna@example.com", "444455556666"), "person:anna@example.com"],
  ["single sign-on without session issuer", { type: "AssumedRole", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ben` }, "person:ben"],
  ["a session named by an e-mail address", session("okta-admin", "ben@example.com"), "person:ben@example.com"],
  ["a session with a source identity", session("deploy", "cli", ACCOUNT, { sourceIdentity: "Carl" }), "person:carl"],
  ["a machine", session("web", "i-0123456789abcdef0"), "role:web"],
  ["another machine of that role elsewhere", session("web", "i-0fedcba9876543210", "444455556666"), "role:web"],
  ["a function", session("thumbnails", "thumbnails-prod"), "role:thumbnails"],
  ["a build on GitHub", session("deploy", "GitHubActions", ACCOUNT, { webIdFederationData: { federatedProvider: provider } }), "role:deploy"],
  ["a service-linked role", { ...session("AWSServiceRoleForSSO", "SSO"), invokedBy: "sso.amazonaws.com" }, "role:AWSServiceRoleForSSO"],
  ["a role without session issuer", { type: "AssumedRole", principalId: "AROAEXAMPLE:x", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/x` }, "role:web"],
  ["an identity-enhanced session", { ...session("analytics", "query"), onBehalfOf: { userId: "9067-ANNA" } }, "person:9067-anna"],
  ["a federated user is its maker", federated({ type: "IAMUser", userName: "anna", accountId: ACCOUNT }), `user:${ACCOUNT}:anna`],
  ["a federated user made by root", federated({ type: "Root", accountId: ACCOUNT }), `user:${ACCOUNT}:root`],
  ["a federated user of unknown making", federated({}), `user:${ACCOUNT}:arn:aws:sts::${ACCOUNT}:federated-user/report`],
  ["a SAML sign-in", { type: "SAMLUser", principalId: "x:Anna@example.com", userName: "Anna@example.com", identityProvider: "x" }, "person:anna@example.com"],
  ["a web identity", { type: "WebIdentityUser", principalId: "accounts.google.com:app:117", userName: "117", identityProvider: "accounts.google.com" }, "person:117"],
  [
    "a web identity of a build", { type: "WebIdentityUser", principalId: `${provider}:aud:repo:example/shop`, userName: "repo:example/shop:ref:refs/heads/main" }, "role:deploy",
    { resources: [{ ARN: `arn:aws:iam::${ACCOUNT}:role/ci/deploy` }] },
  ],
  ["a person of IAM Identity Center", { type: "IdentityCenterUser", accountId: ACCOUNT, onBehalfOf: { userId: "9067-ANNA", identityStoreArn: "arn:x" } }, "person:9067-anna"],
  ["an old sign-in at the access portal", { type: "Unknown", principalId: ACCOUNT, arn: "", accountId: ACCOUNT, userName: "Anna" }, "person:anna"],
  ["a directory user", { type: "Directory", accountId: ACCOUNT, userName: "anna" }, "person:anna"],
  ["an unknown principal", { type: "Unknown", principalId: "AIDAEXAMPLE" }, "unknown:AIDAEXAMPLE"],
  ["an AWS service", { type: "AWSService", invokedBy: "ec2.amazonaws.com" }, "service:ec2.amazonaws.com"],
  ["AWS on its own", { accountId: ACCOUNT, invokedBy: "AWS Internal" }, "service:AWS Internal"],
  ["a caller from another account", { type: "AWSAccount", principalId: "AROAOTHER:x", accountId: "444455556666" }, "account:444455556666"],
  ["a sign-in with a hidden name", { type: "IAMUser", accountId: ACCOUNT, userName: "HIDDEN_DUE_TO_SECURITY_REASONS" }, "address:203.0.113.7"],
  ["no identity", null, "address:203.0.113.7"],
  ["no identity, a service's address", null, "service:rds.amazonaws.com", { sourceIPAddress: "rds.amazonaws.com" }],
  ["no identity and no address", null, "unknown:unknown", { sourceIPAddress: null }],
  ["an identity that is no object", "anna" as unknown as JsonRecord, "address:203.0.113.7"],
];

describe("whose finding it is", () => {
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    const records = CASES.map(([, userIdentity, , more]) => ({ userIdentity, eventSource: "ec2.amazonaws.com", eventName: "RunInstances", sourceIPAddress: "203.0.113.7", recipientAccountId: ACCOUNT, ...more }));
    mapped = await mapRecords(sourceById("aws.cloudtrail")!, records.map((record) => JSON.stringify(record)));
  });

  it.each(CASES.map(([what, , entity], index) => ({ what, entity, index })))("$what: $entity", ({ entity, index }) => {
    expect(mapped[index]!.columns["entity_key"]).toBe(entity);
  });
});

/** Service, operation, class and activity; a few of each class, and what is easily mistaken. */
const CLASSES: [service: string, operation: string, type: number, record?: JsonRecord][] = [
  ["signin", "ConsoleLogin", 300201],
  ["signin", "SwitchRole", 300207],
  ["signin", "PasswordRecoveryCompleted", 300104],
  ["sts", "AssumeRoleWithSAML", 300201],
  ["sts", "GetSessionToken", 300201],
  ["sts", "GetCallerIdentity", 600302],
  ["sso", "Logout", 300202],
  ["iam", "CreateUser", 300101],
  ["iam", "DeleteUser", 300106],
  ["iam", "UpdateLoginProfile", 300104],
  ["iam", "DeactivateMFADevice", 300111],
  ["iam", "UploadSSHPublicKey", 300199],
  ["iam", "PutUserPermissionsBoundary", 300107],
  ["iam", "AttachUserPolicy", 300501],
  ["iam", "DeleteUserPolicy", 300502],
  ["iam", "CreateGroup", 300606],
  ["iam", "PutGroupPolicy", 300601],
  ["iam", "DetachGroupPolicy", 300602],
  ["iam", "RemoveUserFromGroup", 300604],
  ["iam", "UpdateGroup", 300699],
  ["iam", "CreateRole", 300401],
  ["iam", "DeleteRolePolicy", 300403],
  ["iam", "DeleteOpenIDConnectProvider", 300404],
  ["iam", "AddRoleToInstanceProfile", 300403],
  ["iam", "GetRole", 600302],
  ["kms", "GenerateDataKey", 600302, { readOnly: true }],
  ["s3", "CreateBucket", 600301],
  ["ec2", "TerminateInstances", 600304],
  ["cloudtrail", "StopLogging", 600303],
];

describe("class and activity", () => {
  it("are the same for what succeeds and what is refused", async () => {
    const records = CLASSES.flatMap(([service, eventName, , more]) => {
      const record = { eventSource: `${service}.amazonaws.com`, eventName, ...more };
      return [record, { ...record, errorCode: "AccessDenied" }];
    });
    const mapped = await mapRecords(sourceById("aws.cloudtrail")!, records.map((record) => JSON.stringify(record)));
    const found = mapped.map(({ columns, ocsf }) => [columns["operation"], ocsf["type_uid"], ocsf["status_id"]]);
    expect(found).toEqual(CLASSES.flatMap(([, operation, type]) => [[operation, type, 1], [operation, type, 2]]));
  });

  it("see a failed sign-in by its response alone, and not by a name", async () => {
    const signIn = { eventSource: "signin.amazonaws.com", eventName: "ConsoleLogin" };
    const mapped = await mapRecords(sourceById("aws.cloudtrail")!, [
      JSON.stringify({ ...signIn, responseElements: { ConsoleLogin: "Failure" } }),
      JSON.stringify({ ...signIn, responseElements: { ConsoleLogin: "Success" }, userAgent: '"ConsoleLogin":"Failure"' }),
    ]);
    expect(mapped.map(({ columns }) => columns["outcome"])).toEqual(["Failure", "success"]);
  });
});
