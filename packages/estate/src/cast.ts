import { Auditor } from "./actors/auditor.ts";
import { BuildServer, type BuildUser } from "./actors/build-user.ts";
import { Caretaker } from "./actors/caretaker.ts";
import { Employee } from "./actors/employee.ts";
import { Nodes } from "./actors/node.ts";
import { Pipeline } from "./actors/pipeline.ts";
import { Workload, type Runtime } from "./actors/workload.ts";
import { mix, type Mix } from "./catalogue.ts";
import type { Account, Company } from "./company.ts";
import type { Random } from "./random.ts";
import type { Rhythm } from "./rhythm.ts";
import type { Actor } from "./stage.ts";

const KINDS: readonly Mix[] = [
  mix({ "dynamodb:GetItem": 14, "dynamodb:PutItem": 5, "dynamodb:UpdateItem": 5, "dynamodb:Query": 8, "sqs:SendMessage": 6, "kms:Decrypt": 10, "secretsmanager:GetSecretValue": 2, "ssm:GetParametersByPath": 2, "logs:CreateLogStream": 1 }),
  mix({ "s3:GetObject": 26, "s3:PutObject": 16, "s3:HeadObject": 6, "s3:ListObjects": 4, "kms:GenerateDataKey": 10, "kms:Decrypt": 14, "s3:CreateMultipartUpload": 1, "s3:CompleteMultipartUpload": 1, "s3:DeleteObject": 1, "ssm:GetParameter": 1 }),
  mix({ "sqs:ReceiveMessage": 10, "sqs:GetQueueUrl": 3, "sqs:GetQueueAttributes": 4, "lambda:Invoke": 6, "dynamodb:BatchGetItem": 4, "kms:Decrypt": 8, "s3:GetObject": 6, "secretsmanager:GetSecretValue": 2, "kms:Encrypt": 1, "monitoring:ListMetrics": 1 }),
];
const CONTROLLER = mix({ "ec2:DescribeInstances": 6, "ec2:DescribeNetworkInterfaces": 3, "ec2:DescribeVolumes": 3, "ec2:CreateVolume": 1, "ec2:AttachVolume": 1, "elasticloadbalancing:DescribeTargetHealth": 8, "elasticloadbalancing:DescribeTargetGroups": 5, "elasticloadbalancing:RegisterTargets": 2, "elasticloadbalancing:DeregisterTargets": 2, "autoscaling:DescribeAutoScalingGroups": 6, "autoscaling:DescribeAutoScalingInstances": 4, "autoscaling:DescribeLaunchConfigurations": 1, "autoscaling:SetDesiredCapacity": 1, "autoscaling:TerminateInstanceInAutoScalingGroup": 1, "route53:ListResourceRecordSets": 2, "route53:ChangeResourceRecordSets": 1, "ec2:DescribeAvailabilityZones": 1 });
const MONITORING = mix({ "monitoring:GetMetricData": 16, "monitoring:ListMetrics": 6, "monitoring:DescribeAlarms": 3, "monitoring:GetMetricStatistics": 3, "tagging:GetResources": 3, "ec2:DescribeInstances": 2, "elasticloadbalancing:DescribeLoadBalancers": 2, "elasticloadbalancing:DescribeTags": 2, "rds:DescribeDBInstances": 2, "sqs:ListQueues": 2, "lambda:ListFunctions20150331": 1, "logs:DescribeLogGroups": 1, "ecs:DescribeServices": 2 });
const RUNTIMES: readonly Runtime[] = ["containers", "pods", "functions"];

const CARETAKERS: readonly { principal: string; role: string | null; share: number; rhythm: Rhythm; usual: Mix }[] = [
  { principal: "autoscaling.amazonaws.com", role: "AWSServiceRoleForAutoScaling", share: 2, rhythm: "customers", usual: mix({ "ec2:RunInstances": 3, "ec2:TerminateInstances": 2, "ec2:DescribeInstances": 8, "ec2:DescribeInstanceStatus": 4, "ec2:CreateTags": 2, "elasticloadbalancing:RegisterTargets": 2, "elasticloadbalancing:DeregisterTargets": 2 }) },
  { principal: "config.amazonaws.com", role: "AWSServiceRoleForConfig", share: 3, rhythm: "hourly", usual: mix({ "ec2:DescribeSecurityGroups": 3, "ec2:DescribeSubnets": 2, "ec2:DescribeRouteTables": 1, "ec2:DescribeInstances": 3, "ec2:DescribeVolumes": 2, "s3:GetBucketAcl": 2, "s3:GetBucketPolicy": 2, "s3:GetBucketLogging": 1, "s3:GetBucketTagging": 1, "s3:GetBucketPublicAccessBlock": 1, "iam:GetRole": 2, "iam:ListRolePolicies": 1, "dynamodb:DescribeTable": 1, "lambda:GetPolicy20150331v2": 1, "config:PutEvaluations": 2, "rds:DescribeDBSnapshots": 1, "cloudtrail:DescribeTrails": 1 }) },
  { principal: "cloudtrail.amazonaws.com", role: null, share: 1.5, rhythm: "machines", usual: mix({ "s3:GetBucketAcl": 3, "kms:GenerateDataKey": 4 }) },
  { principal: "ecs.amazonaws.com", role: "AWSServiceRoleForECS", share: 2, rhythm: "customers", usual: mix({ "elasticloadbalancing:DescribeTargetHealth": 6, "elasticloadbalancing:RegisterTargets": 1, "elasticloadbalancing:DeregisterTargets": 1, "ec2:DescribeNetworkInterfaces": 2, "ec2:CreateNetworkInterface": 1, "ec2:DeleteNetworkInterface": 1 }) },
  { principal: "lambda.amazonaws.com", role: null, share: 0.8, rhythm: "customers", usual: mix({ "ec2:DescribeNetworkInterfaces": 2, "ec2:DescribeSubnets": 1, "ec2:DescribeSecurityGroups": 1, "lambda:Invoke": 2 }) },
  { principal: "rds.amazonaws.com", role: null, share: 0.5, rhythm: "machines", usual: mix({ "kms:Decrypt": 2, "kms:DescribeKey": 1, "kms:CreateGrant": 1 }) },
  { principal: "inspector2.amazonaws.com", role: "AWSServiceRoleForAmazonInspector2", share: 1, rhythm: "hourly", usual: mix({ "ec2:DescribeInstances": 4, "ssm:DescribeInstanceInformation": 2, "ec2:DescribeTags": 1, "ecr:DescribeImages": 1, "lambda:GetFunctionConfiguration20150331v2": 1, "organizations:DescribeOrganization": 1 }) },
  { principal: "securityhub.amazonaws.com", role: "AWSServiceRoleForSecurityHub", share: 0.6, rhythm: "hourly", usual: mix({ "config:DescribeConfigRules": 2, "config:GetComplianceDetailsByConfigRule": 2, "securityhub:BatchImportFindings": 2 }) },
  { principal: "backup.amazonaws.com", role: "AWSServiceRoleForBackup", share: 0.5, rhythm: "nightly", usual: mix({ "ec2:CreateSnapshot": 3, "ec2:DescribeSnapshots": 3, "ec2:DeleteSnapshot": 2, "backup:StartBackupJob": 1, "rds:DescribeDBInstances": 1, "ec2:DescribeVolumes": 1, "kms:CreateGrant": 1, "tagging:GetResources": 1 }) },
];

/** How much of the company's life happens in an account. */
function weightOf(account: Account): number {
  return { production: 10, staging: 3, development: 2, platform: 0.6 }[account.environment] * (account.name === "back-office" ? 0.3 : 1);
}

function machines(account: Account, region: string, weight: number, company: Company, random: Random, start: number): Actor[] {
  const actors: Actor[] = [];
  const common = { account, region };
  for (const caretaker of CARETAKERS) actors.push(new Caretaker({ ...common, ...caretaker, share: caretaker.share * weight }, random, start));
  actors.push(new Nodes(account, region, 4 * weight));
  actors.push(new Workload({ ...common, service: "cluster-controller", runtime: "pods", share: 3 * weight, rhythm: "machines", usual: CONTROLLER }, random, start));
  actors.push(new Workload({ ...common, service: "monitoring-reader", runtime: "containers", share: 2.5 * weight, rhythm: "machines", usual: MONITORING }, random, start));
  if (account.environment === "platform") return actors;
  company.services.forEach((service, index) => {
    const runtime = RUNTIMES[index % RUNTIMES.length] ?? "containers";
    const usual = KINDS[index % KINDS.length] ?? CONTROLLER;
    actors.push(new Workload({ ...common, service, runtime, share: 5 * weight, rhythm: index === 7 ? "hourly" : "customers", usual }, random, start));
  });
  return actors;
}

/** Everybody and everything that acts in the company. `start` is the first moment, in milliseconds since 1970. */
export function makeCast(company: Company, buildUser: BuildUser, random: Random, start: number): Actor[] {
  const actors: Actor[] = [];
  for (const account of company.accounts) {
    const weight = weightOf(account);
    account.regions.forEach((region, index) => {
      // The home region carries the load; the others hold the remainder, as in most companies.
      actors.push(...machines(account, region, index === 0 ? weight : weight * 0.15, company, random, start));
    });
    const home = account.regions[0] ?? "us-east-1";
    if (account.name === "management") continue;
    actors.push(new Pipeline(account, home, "terraform", 3 * weight + 2, "europe"));
    if (account.environment !== "platform") {
      actors.push(new Pipeline(account, home, "deploy", 3 * weight, "europe"), new Pipeline(account, home, "deploy", 1.5 * weight, "america"));
    }
  }
  for (const person of company.people) actors.push(new Employee(company, person, 3, random));
  actors.push(new Auditor(company, 120, random, start));
  actors.push(new BuildServer(buildUser, 12));
  return actors;
}
