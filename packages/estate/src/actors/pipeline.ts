import { BUILD_AGENT, TERRAFORM_AGENT } from "../agents.ts";
import { mix, operation, type Mix } from "../catalogue.ts";
import { plainCaller, roleCaller, type Caller } from "../caller.ts";
import type { Account } from "../company.ts";
import { roleId, temporaryKey } from "../ids.ts";
import { SLOT, type Rhythm } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";
import { SECOND } from "../times.ts";

const PLAN: Mix = mix({
  "sts:GetCallerIdentity": 2, "ec2:DescribeVpcs": 4, "ec2:DescribeVpcAttribute": 6, "ec2:DescribeSubnets": 5, "ec2:DescribeRouteTables": 6, "ec2:DescribeSecurityGroups": 8,
  "ec2:DescribeSecurityGroupRules": 5, "ec2:DescribeNetworkAcls": 2, "ec2:DescribeNatGateways": 3, "ec2:DescribeInternetGateways": 2, "ec2:DescribeAddresses": 2,
  "ec2:DescribeLaunchTemplates": 3, "ec2:DescribeLaunchTemplateVersions": 3, "ec2:DescribeFlowLogs": 1, "ec2:DescribeVpcEndpoints": 3, "ec2:DescribeTransitGateways": 1,
  "iam:GetRole": 10, "iam:ListRolePolicies": 8, "iam:ListAttachedRolePolicies": 8, "iam:GetRolePolicy": 5, "iam:GetPolicy": 6, "iam:GetPolicyVersion": 6, "iam:GetInstanceProfile": 1,
  "iam:ListInstanceProfilesForRole": 1, "iam:ListOpenIDConnectProviders": 1, "s3:GetBucketPolicy": 4, "s3:GetBucketAcl": 4, "s3:GetBucketVersioning": 4, "s3:GetBucketEncryption": 4,
  "s3:GetBucketLogging": 4, "s3:GetBucketCors": 3, "s3:GetBucketWebsite": 3, "s3:GetBucketLifecycle": 3, "s3:GetBucketReplication": 3, "s3:GetBucketTagging": 4,
  "s3:GetBucketObjectLockConfiguration": 3, "s3:GetAccelerateConfiguration": 3, "s3:GetBucketPublicAccessBlock": 4, "s3:GetBucketOwnershipControls": 2, "s3:GetObject": 3,
  "dynamodb:DescribeTable": 4, "dynamodb:DescribeContinuousBackups": 4, "dynamodb:DescribeTimeToLive": 4, "dynamodb:ListTagsOfResource": 4, "dynamodb:GetItem": 1, "dynamodb:PutItem": 1,
  "rds:DescribeDBInstances": 4, "rds:ListTagsForResource": 4, "rds:DescribeDBParameters": 2, "kms:DescribeKey": 5, "kms:GetKeyPolicy": 4, "kms:GetKeyRotationStatus": 4, "kms:ListAliases": 2,
  "lambda:GetFunction20150331v2": 5, "lambda:GetPolicy20150331v2": 3, "lambda:ListTags20170331": 3, "elasticloadbalancing:DescribeLoadBalancers": 3, "elasticloadbalancing:DescribeListeners": 3,
  "elasticloadbalancing:DescribeTargetGroups": 3, "elasticloadbalancing:DescribeLoadBalancerAttributes": 3, "elasticloadbalancing:DescribeTags": 4, "ecs:DescribeClusters": 2,
  "ecs:DescribeServices": 4, "ecs:DescribeTaskDefinition": 5, "eks:DescribeCluster": 1, "eks:DescribeNodegroup": 2, "logs:DescribeLogGroups": 5, "logs:DescribeMetricFilters": 1,
  "ssm:GetParameter": 6, "ssm:DescribeParameters": 3, "secretsmanager:DescribeSecret": 4, "secretsmanager:GetResourcePolicy": 3, "route53:ListHostedZones": 1,
  "route53:ListResourceRecordSets": 3, "acm:DescribeCertificate": 2, "sqs:GetQueueAttributes": 4, "sns:GetTopicAttributes": 3, "events:DescribeRule": 2,
});
const APPLY: Mix = mix({
  "ec2:CreateSecurityGroup": 2, "ec2:AuthorizeSecurityGroupIngress": 3, "ec2:RevokeSecurityGroupEgress": 2, "ec2:CreateTags": 6, "iam:CreateRole": 1, "iam:PutRolePolicy": 2,
  "iam:AttachRolePolicy": 1, "iam:CreatePolicy": 1, "iam:CreatePolicyVersion": 2, "iam:TagRole": 2, "iam:DetachRolePolicy": 1, "iam:DeleteRole": 1, "s3:PutBucketTagging": 1,
  "s3:PutBucketPublicAccessBlock": 1, "s3:PutBucketPolicy": 1, "logs:CreateLogGroup": 2, "logs:PutRetentionPolicy": 2, "monitoring:PutMetricAlarm": 4, "ssm:PutParameter": 3,
});
const DEPLOY: Mix = mix({
  "ecr:GetAuthorizationToken": 2, "ecr:BatchCheckLayerAvailability": 10, "ecr:InitiateLayerUpload": 5, "ecr:CompleteLayerUpload": 5, "ecr:PutImage": 2, "ecr:DescribeImages": 3,
  "ecs:RegisterTaskDefinition": 3, "ecs:UpdateService": 3, "ecs:DescribeServices": 16, "ecs:ListTasks": 3, "ecs:DescribeTasks": 6, "lambda:UpdateFunctionCode20150331v2": 3,
  "lambda:PublishVersion20150331": 2, "lambda:GetFunctionConfiguration20150331v2": 6, "cloudfront:CreateInvalidation": 1, "s3:PutObject": 8, "s3:GetObject": 3, "ssm:GetParametersByPath": 2,
  "sts:GetCallerIdentity": 1, "cloudformation:DescribeStacks": 3,
});

const RUNS = {
  terraform: { role: "ci-terraform", agent: TERRAFORM_AGENT, steps: 110, applies: 0.3 },
  deploy: { role: "ci-deploy", agent: BUILD_AGENT, steps: 45, applies: 0 },
} as const;

/** The build system: signs in with its OIDC token, then works through a burst of calls. One act is one run. */
export class Pipeline implements Actor {
  readonly burst: number;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly #account: Account;
  readonly #region: string;
  readonly #kind: keyof typeof RUNS;
  readonly #roleId: string;

  constructor(account: Account, region: string, kind: keyof typeof RUNS, share: number, rhythm: Rhythm) {
    this.#account = account;
    this.#region = region;
    this.#kind = kind;
    this.share = share;
    this.rhythm = rhythm;
    this.burst = RUNS[kind].steps;
    this.#roleId = roleId(account.id, RUNS[kind].role);
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    const run = RUNS[this.#kind];
    let time = slot + random.int(SLOT >> 1);
    const end = slot + SLOT - SECOND;
    const caller = this.#signIn(stage, time);
    const steps = Math.floor(run.steps * (0.5 + random.float()));
    const pace = Math.max(20, (end - time) / (steps + 20));
    const step = (from: Mix): void => {
      time = Math.min(end, time + random.int(2 * pace));
      stage.at(this.#account, this.#region, time);
      stage.writeUsual(random.pick(from), caller, 0.06);
    };
    const usual = this.#kind === "terraform" ? PLAN : DEPLOY;
    for (let index = 0; index < steps; index++) step(usual);
    if (!random.chance(run.applies)) return steps + 1;
    const changes = 3 + random.int(12);
    for (let index = 0; index < changes; index++) step(APPLY);
    return steps + changes + 1;
  }

  #signIn(stage: Stage, time: number): Caller {
    const { random } = stage;
    const { role, agent } = RUNS[this.#kind];
    const service = random.pick(stage.company.services);
    const session = `build-${random.digits(8)}`;
    const issuer = `token.ci.${stage.company.domain}`;
    const provider = `arn:aws:iam::${this.#account.id}:oidc-provider/${issuer}`;
    const subject = `repo:larkfield/${service}:ref:refs/heads/main`;
    const accessKeyId = temporaryKey(random);
    const address = `198.51.100.${100 + random.int(40)}`;
    const scene = stage.at(this.#account, this.#region, time);
    scene.fix("role", role);
    scene.fix("roleId", this.#roleId);
    scene.fix("session", session);
    scene.fix("provider", issuer);
    scene.fix("subject", subject);
    scene.fix("temporaryKey", accessKeyId);
    const identity = `{"type":"WebIdentityUser","principalId":"${provider}:sts.amazonaws.com:${subject}","userName":"${subject}","identityProvider":"${provider}"}`;
    stage.write(operation("sts:AssumeRoleWithWebIdentity"), plainCaller(identity, { address, agent }));
    return roleCaller(
      { account: this.#account.id, role, rolePath: "/", roleId: this.#roleId, session, accessKeyId, startedAt: time, federation: `{"federatedProvider":"${provider}","attributes":{}}` },
      { address, agent },
    );
  }
}
