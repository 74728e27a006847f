import { embedded, operations, type OperationText } from "../operation.ts";

const ROLE = "arn:aws:iam::<account>:role/<role>";
const roleResource = (role: string): string => `[{"accountId":"<account>","type":"AWS::IAM::Role","ARN":"${role}"}]`;
const credentials = `"credentials":{"accessKeyId":"<temporaryKey>","sessionToken":"<token>","expiration":"<expiry>"}`;
const assumed = `"assumedRoleUser":{"assumedRoleId":"<roleId>:<session>","arn":"arn:aws:sts::<account>:assumed-role/<role>/<session>"}`;
const iam = (request?: string, more: Partial<OperationText> = {}): OperationText => ({ ...(request === undefined ? {} : { request }), global: true, ...more });
const readRole = iam(`{"roleName":"<role>"}`, { faults: [["NoSuchEntityException", "The role with name <role> cannot be found."]] });
const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }] };
const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::larkfield-<environment>-<service>/*" }] };
const portal = { global: false, eventType: "AwsServiceEvent", readOnly: false, host: "<region>.signin.aws" } as const;
const workflow = `"AuthWorkflowID":"<guid>"`;

/** STS, IAM, sign-in, single sign-on and Organizations. */
export const IDENTITY = operations({
  "sts:GetCallerIdentity": {},
  "sts:AssumeRole": {
    request: `{"roleArn":"${ROLE}","roleSessionName":"<session>","durationSeconds":3600}`,
    response: `{${credentials},${assumed}}`,
    resources: roleResource(ROLE),
  },
  "sts:AssumeRoleWithSAML": {
    request: `{"sAMLAssertionID":"_<guid>","roleSessionName":"<session>","durationSeconds":43200,"roleArn":"arn:aws:iam::<account>:role/aws-reserved/sso.amazonaws.com/eu-central-1/<role>","principalArn":"arn:aws:iam::<account>:saml-provider/AWSSSO_<provider>_DO_NOT_DELETE"}`,
    response: `{${credentials},${assumed},"subject":"<session>","subjectType":"persistent","issuer":"https://portal.sso.eu-central-1.amazonaws.com/saml/assertion/<provider>","audience":"https://signin.aws.amazon.com/saml","nameQualifier":"<opaque>"}`,
    resources: `[{"accountId":"<account>","type":"AWS::IAM::SAMLProvider","ARN":"arn:aws:iam::<account>:saml-provider/AWSSSO_<provider>_DO_NOT_DELETE"},{"accountId":"<account>","type":"AWS::IAM::Role","ARN":"arn:aws:iam::<account>:role/aws-reserved/sso.amazonaws.com/eu-central-1/<role>"}]`,
  },
  "sts:AssumeRoleWithWebIdentity": {
    request: `{"roleArn":"${ROLE}","roleSessionName":"<session>","durationSeconds":3600}`,
    response: `{${credentials},"subjectFromWebIdentityToken":"<subject>",${assumed},"provider":"arn:aws:iam::<account>:oidc-provider/<provider>","audience":"sts.amazonaws.com"}`,
    resources: roleResource(ROLE),
    faults: [["ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time"]],
  },
  "iam:ListUsers": iam(),
  "iam:ListRoles": iam(`{"maxItems":100}`),
  "iam:ListGroups": iam(),
  "iam:ListPolicies": iam(`{"scope":"Local","onlyAttached":false}`),
  "iam:ListAccessKeys": iam(`{"userName":"<user>"}`),
  "iam:ListMFADevices": iam(`{"userName":"<user>"}`),
  "iam:ListAccountAliases": iam(),
  "iam:ListInstanceProfilesForRole": iam(`{"roleName":"<role>"}`),
  "iam:ListAttachedRolePolicies": readRole,
  "iam:ListRolePolicies": readRole,
  "iam:ListEntitiesForPolicy": iam(`{"policyArn":"arn:aws:iam::<account>:policy/<service>-access"}`),
  "iam:ListOpenIDConnectProviders": iam(),
  "iam:ListSAMLProviders": iam(),
  "iam:ListVirtualMFADevices": iam(),
  "iam:GetRole": readRole,
  "iam:GetRolePolicy": iam(`{"roleName":"<role>","policyName":"<service>-inline"}`, { faults: [["NoSuchEntityException", "The role policy with name <service>-inline cannot be found."]] }),
  "iam:GetPolicy": iam(`{"policyArn":"arn:aws:iam::<account>:policy/<service>-access"}`),
  "iam:GetPolicyVersion": iam(`{"policyArn":"arn:aws:iam::<account>:policy/<service>-access","versionId":"v1"}`),
  "iam:GetUser": iam(`{"userName":"<user>"}`),
  "iam:GetInstanceProfile": iam(`{"instanceProfileName":"eks-node"}`),
  "iam:GetAccountSummary": iam(),
  "iam:GetAccountPasswordPolicy": iam(undefined, { faults: [["NoSuchEntityException", "The Password Policy with domain name <account> cannot be found."]] }),
  "iam:GetAccessKeyLastUsed": iam(`{"accessKeyId":"<accessKey>"}`),
  "iam:GetLoginProfile": iam(`{"userName":"<user>"}`, { faults: [["NoSuchEntityException", "Login Profile for User <user> cannot be found."]] }),
  "iam:GetCredentialReport": iam(),
  "iam:GenerateCredentialReport": iam(undefined, { response: `{"state":"STARTED"}`, readOnly: false }),
  "iam:GenerateServiceLastAccessedDetails": iam(`{"arn":"${ROLE}"}`, { response: `{"jobId":"<guid>"}`, readOnly: true }),
  "iam:GetAccountAuthorizationDetails": iam(`{"maxItems":100}`),
  "iam:SimulatePrincipalPolicy": iam(`{"policySourceArn":"${ROLE}","actionNames":["s3:GetObject"],"resourceArns":["*"]}`),
  "iam:CreateRole": iam(`{"path":"/","roleName":"<service>-<hex>","assumeRolePolicyDocument":"${embedded(trust)}","description":"Task role of <service>, managed by Terraform","maxSessionDuration":3600,"tags":[{"key":"managed-by","value":"terraform"}]}`, {
    response: `{"role":{"path":"/","roleName":"<service>-<hex>","roleId":"<roleId>","arn":"arn:aws:iam::<account>:role/<service>-<hex>","createDate":"<now>","assumeRolePolicyDocument":"${encodeURIComponent(JSON.stringify(trust))}","tags":[{"key":"managed-by","value":"terraform"}]}}`,
  }),
  "iam:DeleteRole": iam(`{"roleName":"<service>-<hex>"}`),
  "iam:PutRolePolicy": iam(`{"roleName":"<service>-<hex>","policyName":"<service>-inline","policyDocument":"${embedded(policy)}"}`),
  "iam:AttachRolePolicy": iam(`{"roleName":"<service>-<hex>","policyArn":"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}`),
  "iam:DetachRolePolicy": iam(`{"roleName":"<service>-<hex>","policyArn":"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}`),
  "iam:CreatePolicy": iam(`{"policyName":"<service>-access","path":"/","description":"","policyDocument":"${embedded(policy)}"}`, {
    response: `{"policy":{"policyName":"<service>-access","policyId":"<policyId>","arn":"arn:aws:iam::<account>:policy/<service>-access","path":"/","defaultVersionId":"v1","attachmentCount":0,"permissionsBoundaryUsageCount":0,"isAttachable":true,"createDate":"<now>","updateDate":"<now>"}}`,
  }),
  "iam:CreatePolicyVersion": iam(`{"policyArn":"arn:aws:iam::<account>:policy/<service>-access","policyDocument":"${embedded(policy)}","setAsDefault":true}`, {
    response: `{"policyVersion":{"versionId":"v2","isDefaultVersion":true,"createDate":"<now>"}}`,
  }),
  "iam:TagRole": iam(`{"roleName":"<role>","tags":[{"key":"service","value":"<service>"}]}`),
  "iam:CreateAccessKey": iam(`{"userName":"<user>"}`, { response: `{"accessKey":{"userName":"<user>","accessKeyId":"<accessKey>","status":"Active","createDate":"<now>"}}` }),
  "iam:UpdateAccessKey": iam(`{"accessKeyId":"<accessKey>","status":"Inactive","userName":"<user>"}`),
  "iam:DeleteAccessKey": iam(`{"accessKeyId":"<accessKey>","userName":"<user>"}`),
  "signin:ConsoleLogin": {
    response: `{"ConsoleLogin":"Success"}`,
    additional: `{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"No"}`,
    eventType: "AwsConsoleSignIn",
    readOnly: false,
    host: "<region>.signin.aws.amazon.com",
  },
  "signin:GetSigninToken": {
    response: `{"credentials":{"accessKeyId":"<temporaryKey>"},"GetSigninToken":"Success"}`,
    additional: `{"MobileVersion":"No","MFAUsed":"No"}`,
    eventType: "AwsConsoleSignIn",
    readOnly: false,
    host: "<region>.signin.aws.amazon.com",
  },
  "signin:CredentialChallenge": { additional: `{${workflow},"CredentialType":"WEBAUTHN","UserName":"<session>"}`, ...portal },
  "signin:CredentialVerification": { additional: `{${workflow},"CredentialType":"WEBAUTHN","UserName":"<session>"}`, ...portal },
  "signin:UserAuthentication": { additional: `{${workflow},"LoginTo":"https://larkfield.awsapps.com/start","CredentialType":"PASSWORD,WEBAUTHN","UserName":"<session>"}`, ...portal },
  "sso:Authenticate": { ...portal },
  "sso:Federate": { ...portal },
  "sso:ListAccounts": { eventType: "AwsServiceEvent" },
  "sso:ListAccountRoles": { eventType: "AwsServiceEvent" },
  "organizations:DescribeOrganization": { global: true },
  "organizations:ListAccounts": { global: true },
  "organizations:DescribeAccount": { request: `{"accountId":"<otherAccount>"}`, global: true },
  "organizations:ListPolicies": { request: `{"filter":"SERVICE_CONTROL_POLICY"}`, global: true },
});
