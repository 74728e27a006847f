import { BROWSERS, COMMAND_LINES } from "../agents.ts";
import { mix, type Mix } from "../catalogue.ts";
import { plainCaller, roleCaller, type Caller } from "../caller.ts";
import { accountNamed, type Account, type Company, type Person } from "../company.ts";
import { signOnProvider, signOnRole, temporaryKey } from "../ids.ts";
import type { Random } from "../random.ts";
import { SLOT, type Rhythm } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";
import { HOUR, SECOND } from "../times.ts";

const CONSOLE: Mix = mix({
  "ec2:DescribeInstances": 6, "ec2:DescribeInstanceStatus": 4, "ec2:DescribeVolumes": 2, "ec2:DescribeVolumeStatus": 1, "ec2:DescribeAccountAttributes": 2, "ec2:DescribeRegions": 4,
  "ec2:DescribeAvailabilityZones": 2, "ec2:DescribeAddresses": 1, "ec2:DescribeKeyPairs": 1, "ec2:DescribeSecurityGroups": 3, "ec2:DescribeSnapshots": 1, "ec2:GetEbsEncryptionByDefault": 1,
  "elasticloadbalancing:DescribeLoadBalancers": 3, "elasticloadbalancing:DescribeTargetHealth": 3, "autoscaling:DescribeAutoScalingGroups": 2, "monitoring:DescribeAlarms": 8,
  "monitoring:ListMetrics": 4, "monitoring:GetMetricData": 8, "logs:DescribeLogGroups": 8, "logs:DescribeLogStreams": 6, "logs:FilterLogEvents": 4, "logs:StartQuery": 6, "logs:GetQueryResults": 8,
  "s3:ListBuckets": 4, "s3:GetBucketLocation": 3, "s3:GetBucketAcl": 1, "s3:GetBucketPolicyStatus": 2, "s3:GetBucketPublicAccessBlock": 2, "s3:GetBucketVersioning": 1, "s3:ListObjects": 4,
  "lambda:ListFunctions20150331": 3, "lambda:GetFunction20150331v2": 3, "ecs:DescribeClusters": 2, "ecs:ListServices": 3, "ecs:DescribeServices": 4, "ecs:DescribeTasks": 3, "ecs:ListTasks": 3,
  "rds:DescribeDBInstances": 3, "rds:DescribeDBClusters": 2, "rds:DescribeEvents": 2, "dynamodb:ListTables": 2, "dynamodb:DescribeTable": 2, "sqs:ListQueues": 2, "sqs:GetQueueAttributes": 4,
  "cloudformation:ListStacks": 2, "cloudformation:DescribeStackResources": 2, "health:DescribeEventAggregates": 12, "iam:ListRoles": 1, "iam:GetRole": 1, "iam:ListAccountAliases": 2,
  "ce:GetCostAndUsage": 2, "tagging:GetResources": 1, "secretsmanager:ListSecrets": 1, "sns:ListTopics": 1, "eks:ListClusters": 1, "acm:ListCertificates": 1, "cloudfront:ListDistributions": 1,
  "organizations:DescribeOrganization": 1, "servicequotas:ListServiceQuotas": 1, "cloudtrail:LookupEvents": 1, "events:ListRules": 1, "autoscaling:DescribeScalingActivities": 1,
});
const TERMINAL: Mix = mix({
  "sts:GetCallerIdentity": 6, "s3:ListObjects": 5, "s3:GetObject": 4, "s3:ListBuckets": 3, "ec2:DescribeInstances": 5, "logs:FilterLogEvents": 6, "logs:StartQuery": 2, "ecs:DescribeServices": 3,
  "ecr:GetAuthorizationToken": 3, "ecr:BatchGetImage": 3, "ssm:GetParameter": 3, "ssm:GetParametersByPath": 2, "eks:DescribeCluster": 3, "lambda:GetFunctionConfiguration20150331v2": 2,
  "dynamodb:Query": 2, "sqs:GetQueueAttributes": 2, "cloudformation:DescribeStacks": 2, "rds:DescribeDBInstances": 2, "ec2:DescribeInstanceAttribute": 1, "ec2:DescribeSubnets": 1,
});

/** A person at work: signs in through single sign-on with a second factor, then looks around in the console or works in a terminal. */
export class Employee implements Actor {
  readonly burst = 12;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly #person: Person;
  readonly #management: Account;
  readonly #places: readonly { account: Account; role: string; rolePath: string; roleId: string; provider: string }[];
  readonly #browser: string;
  readonly #terminal: string;
  readonly #userId: string;
  #signedInUntil = 0;
  #session: { account: Account; caller: Caller; usual: Mix } | null = null;

  constructor(company: Company, person: Person, share: number, random: Random) {
    this.#person = person;
    this.share = share;
    this.rhythm = person.office;
    this.#management = accountNamed(company, "management");
    this.#places = person.access.map(({ account: name, permissionSet }) => {
      const account = accountNamed(company, name);
      return { account, ...signOnRole(account.id, permissionSet), provider: signOnProvider(account.id) };
    });
    this.#browser = random.pick(BROWSERS);
    this.#terminal = random.pick(COMMAND_LINES);
    this.#userId = random.guid();
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    let time = slot + random.int(SLOT >> 1);
    let written = 0;
    if (this.#session === null || time >= this.#signedInUntil) {
      written += this.#signIn(stage, time);
      time += 5 * SECOND;
    }
    const session = this.#session;
    if (session === null) return written;
    const clicks = 3 + random.int(15);
    for (let index = 0; index < clicks; index++) {
      time = Math.min(slot + SLOT - SECOND, time + random.int(8 * SECOND));
      const usual = random.pick(session.usual);
      stage.at(session.account, random.pick(session.account.regions), time);
      if (random.chance(0.02)) stage.write(usual, session.caller, { fault: stage.denied(usual, session.caller) });
      else stage.writeUsual(usual, session.caller, 0.04);
    }
    return written + clicks;
  }

  /** Portal, second factor, role: seven records in two accounts, six when the person works in a terminal. */
  #signIn(stage: Stage, time: number): number {
    const { random } = stage;
    const person = this.#person;
    const place = random.pick(this.#places);
    const address = random.chance(0.6) ? stage.company.officeAddresses[person.office] : person.homeAddress;
    const visible = random.chance(0.55);
    const portal = plainCaller(
      `{"type":"IdentityCenterUser","accountId":"${this.#management.id}","onBehalfOf":{"userId":"${this.#userId}","identityStoreArn":"arn:aws:identitystore::${this.#management.id}:identitystore/d-9967EXAMPLE"},"credentialId":"${random.guid()}"}`,
      { address, agent: this.#browser },
    );
    for (const step of ["signin:CredentialChallenge", "signin:CredentialVerification", "signin:UserAuthentication", "sso:Authenticate", "sso:Federate"]) {
      const scene = stage.at(this.#management, "us-east-1", time);
      scene.fix("session", person.email);
      stage.write(step, portal);
    }
    const role = {
      account: place.account.id,
      role: place.role,
      rolePath: place.rolePath,
      roleId: place.roleId,
      session: person.email,
      accessKeyId: temporaryKey(random),
      startedAt: time,
    };
    const caller = roleCaller(role, { address, agent: visible ? this.#browser : this.#terminal, console: visible });
    const saml = plainCaller(
      `{"type":"SAMLUser","principalId":"${role.roleId}:${person.email}","userName":"${person.email}","identityProvider":"arn:aws:iam::${role.account}:saml-provider/AWSSSO_${place.provider}_DO_NOT_DELETE"}`,
      { address, agent: this.#browser },
    );
    const home = place.account.regions[0] ?? "us-east-1";
    const scene = stage.at(place.account, home, time + SECOND);
    scene.fix("session", person.email);
    scene.fix("role", place.role);
    scene.fix("roleId", place.roleId);
    scene.fix("provider", place.provider);
    scene.fix("temporaryKey", role.accessKeyId);
    stage.write("sts:AssumeRoleWithSAML", saml);
    if (visible) {
      stage.at(place.account, home, time + 2 * SECOND);
      stage.write("signin:ConsoleLogin", { ...caller, console: false });
    }
    this.#session = { account: place.account, caller, usual: visible ? CONSOLE : TERMINAL };
    this.#signedInUntil = time + 2 * HOUR + random.int(4 * HOUR);
    return visible ? 7 : 6;
  }
}
