import type { BuildUser } from "./actors/build-user.ts";
import { accessKey, userId } from "./ids.ts";
import { BREACH } from "./operations/breach.ts";
import { SECRET_DECRYPT } from "./operations/storage.ts";
import { operation } from "./catalogue.ts";
import { plainCaller, through, userCaller, type Caller } from "./caller.ts";
import type { Difference } from "./record.ts";
import type { Stage } from "./stage.ts";
import { HOUR, MINUTE, SECOND } from "./times.ts";

export type BreachStage = "discovery" | "persistence" | "log tampering" | "data theft";

/** What happened, for tests and for the tour of the demo: the truth that detections are measured against. */
export interface BreachFacts {
  /** The leaked long-term key and its user. */
  readonly accessKeyId: string;
  readonly userName: string;
  readonly userArn: string;
  readonly accountId: string;
  /** Where the intruder comes from: a network the company has never seen. */
  readonly address: string;
  /** The intruder's own AWS account. */
  readonly foreignAccountId: string;
  /** What the intruder creates or changes. */
  readonly newUserName: string;
  readonly newAccessKeyId: string;
  readonly roleName: string;
  readonly trailName: string;
  readonly snapshotId: string;
  readonly bucket: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** In order; the eventIDs of every record the intruder caused. */
  readonly stages: readonly { readonly stage: BreachStage; readonly eventIds: readonly string[] }[];
}

const FIRST_LOOK = [
  "sts:GetCallerIdentity", "iam:GetUser", "iam:ListUsers", "iam:ListRoles", "iam:ListGroups", "iam:ListPolicies", "iam:ListAccessKeys", "iam:GetAccountSummary", "iam:GetAccountAuthorizationDetails",
  "iam:ListAccountAliases", "s3:ListBuckets", "ec2:DescribeRegions", "ec2:DescribeInstances", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:DescribeSnapshots", "ec2:DescribeVolumes",
  "ec2:DescribeImages", "ec2:DescribeKeyPairs", "lambda:ListFunctions20150331", "rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "secretsmanager:ListSecrets", "ssm:DescribeParameters",
  "dynamodb:ListTables", "kms:ListAliases", "ecr:DescribeRepositories", "eks:ListClusters", "cloudtrail:DescribeTrails", "guardduty:ListDetectors", "logs:DescribeLogGroups", "sns:ListTopics",
];
const REFUSED = ["organizations:ListAccounts", "organizations:DescribeOrganization", "ce:GetCostAndUsage", "inspector2:ListFindings", "securityhub:GetFindings", "config:DescribeConfigRules", "access-analyzer:ListAnalyzers", "backup:ListBackupJobs"];
const FAR_REGIONS = ["ap-southeast-1", "sa-east-1", "eu-north-1", "us-west-2", "ap-northeast-1"];
const BUCKET_LOOKS = ["s3:GetBucketAcl", "s3:GetBucketPolicy", "s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetBucketLogging"];

/** Writes the story of one leaked key, on the afternoon of the day that starts at `day`, and returns its facts. */
export function stageBreach(stage: Stage, leaked: BuildUser, day: number): BreachFacts {
  const { random } = stage;
  const { account } = leaked;
  const home = account.regions[0] ?? "eu-central-1";
  const address = `192.0.2.${20 + random.int(200)}`;
  const origin = { address, agent: "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0-21-amd64 exe/x86_64.debian.12 prompt/off" };
  const intruder = userCaller({ account: account.id, name: leaked.name, userId: leaked.userId, accessKeyId: leaked.accessKeyId }, origin);
  const foreignAccountId = `9999${random.digits(1).repeat(4)}${random.digits(1).repeat(4)}`;
  const newUserName = "metrics-sync";
  const newUserId = userId(account.id, newUserName);
  const newAccessKeyId = accessKey(random);
  const roleName = "ci-deploy";
  const trailName = "production-trail";
  const snapshotId = `snap-0${random.hex(16)}`;
  const bucket = "larkfield-customer-exports";
  const detectorId = random.hex(32);
  const successor = userCaller({ account: account.id, name: newUserName, userId: newUserId, accessKeyId: newAccessKeyId }, origin);
  const startedAt = day + 14 * HOUR + random.int(30 * MINUTE);
  let time = startedAt;
  const stages: { stage: BreachStage; eventIds: string[] }[] = [];
  const fixed: Readonly<Record<string, string>> = {
    user: newUserName, userId: newUserId, accessKey: newAccessKeyId, role: roleName, trail: trailName, foreignAccount: foreignAccountId, newSnapshot: snapshotId, bucket, detector: detectorId,
    volume: account.resources.volumes[0] ?? "",
  };

  function begin(name: BreachStage, pause: number): void {
    stages.push({ stage: name, eventIds: [] });
    time += pause;
  }
  function step(key: string, pause: number, options: { caller?: Caller; region?: string; refused?: boolean; difference?: Difference; values?: Readonly<Record<string, string>> } = {}): void {
    time += Math.floor(pause * (0.5 + random.float()));
    const scene = stage.at(account, options.region ?? home, time);
    for (const [name, value] of Object.entries({ ...fixed, ...options.values })) scene.fix(name, value);
    const caller = options.caller ?? intruder;
    const what = BREACH.get(key) ?? (key === "secret:Decrypt" ? SECRET_DECRYPT : operation(key));
    const difference = options.refused === true ? { fault: stage.denied(what, caller) } : options.difference;
    stages.at(-1)?.eventIds.push(stage.write(what, caller, difference));
  }

  begin("discovery", 0);
  for (const key of FIRST_LOOK) step(key, 6 * SECOND, { values: { user: leaked.name } });
  for (const key of REFUSED) for (let attempt = 0; attempt < 3; attempt++) step(key, 2 * SECOND, { refused: true });
  for (const region of FAR_REGIONS) {
    for (const key of ["ec2:DescribeInstances", "ec2:DescribeVolumes", "lambda:ListFunctions20150331", "rds:DescribeDBInstances"]) step(key, SECOND, { region });
  }
  for (const name of account.resources.buckets) for (const key of BUCKET_LOOKS) step(key, SECOND, { values: { bucket: name } });

  begin("persistence", 9 * MINUTE);
  step("iam:CreateUser", 20 * SECOND);
  step("iam:AttachUserPolicy", 15 * SECOND);
  step("iam:CreateAccessKey", 15 * SECOND);
  step("iam:CreateLoginProfile", 30 * SECOND);
  step("iam:GetRole", 40 * SECOND);
  step("iam:UpdateAssumeRolePolicy", 50 * SECOND);
  const visitor = plainCaller(`{"type":"IAMUser","principalId":"${newUserId}","arn":"${successor.arn}","accountId":"${account.id}","userName":"${newUserName}"}`, { ...origin, agent: "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0" });
  step("signin:ConsoleLogin", 2 * MINUTE, { caller: visitor });

  begin("log tampering", 6 * MINUTE);
  step("cloudtrail:GetTrailStatus", 10 * SECOND);
  step("cloudtrail:PutEventSelectors", 20 * SECOND);
  step("cloudtrail:StopLogging", 20 * SECOND);
  step("cloudtrail:DeleteTrail", 40 * SECOND);
  step("guardduty:UpdateDetector", 30 * SECOND);
  step("guardduty:DeleteDetector", 40 * SECOND);

  begin("data theft", 12 * MINUTE);
  step("ec2:CreateSnapshot", 10 * SECOND);
  step("ec2:ModifySnapshotAttribute", 2 * MINUTE);
  for (const secret of account.resources.secrets) {
    step("secretsmanager:GetSecretValue", 4 * SECOND, { values: { secret } });
    step("secret:Decrypt", 0, { caller: through(intruder, "secretsmanager.amazonaws.com"), values: { secret } });
  }
  step("s3:DeleteBucketPublicAccessBlock", 40 * SECOND);
  step("s3:PutBucketPolicy", 20 * SECOND);
  step("s3:ListObjects", 10 * SECOND);
  const objects = 380 + random.int(80);
  for (let index = 0; index < objects; index++) {
    step("s3:GetObject", 1500, {
      caller: index % 4 === 3 ? successor : intruder,
      values: { objectKey: `exports/customers/part-${String(index).padStart(5, "0")}.csv.gz`, bytes: String(4_000_000 + random.int(9_000_000)) },
    });
    if (index % 40 === 0) step("kms:Decrypt", 0, { caller: through(intruder, "AWS Internal") });
  }

  return { accessKeyId: leaked.accessKeyId, userName: leaked.name, userArn: intruder.arn, accountId: account.id, address, foreignAccountId, newUserName, newAccessKeyId, roleName, trailName, snapshotId, bucket, startedAt, endedAt: time, stages };
}
