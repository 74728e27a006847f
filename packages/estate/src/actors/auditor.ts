import { mix, type Mix } from "../catalogue.ts";
import { plainCaller, roleCaller, type Caller } from "../caller.ts";
import { accountNamed, type Account, type Company } from "../company.ts";
import { roleId, temporaryKey } from "../ids.ts";
import type { Random } from "../random.ts";
import { SLOT } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";
import { HOUR, longTime, SECOND } from "../times.ts";

const READS: Mix = mix({
  "iam:ListUsers": 1, "iam:ListRoles": 2, "iam:ListGroups": 1, "iam:ListPolicies": 1, "iam:GetAccountSummary": 1, "iam:GetAccountPasswordPolicy": 1, "iam:GenerateCredentialReport": 1,
  "iam:GetCredentialReport": 1, "iam:ListVirtualMFADevices": 1, "iam:ListSAMLProviders": 1, "iam:ListEntitiesForPolicy": 2, "iam:GenerateServiceLastAccessedDetails": 2,
  "s3:ListBuckets": 2, "s3:GetBucketAcl": 6, "s3:GetBucketPolicy": 6, "s3:GetBucketPolicyStatus": 6, "s3:GetBucketPublicAccessBlock": 6, "s3:GetBucketEncryption": 6, "s3:GetBucketLocation": 6,
  "s3:GetBucketLogging": 4, "s3:GetBucketVersioning": 4, "ec2:DescribeInstances": 4, "ec2:DescribeSecurityGroups": 5, "ec2:DescribeSnapshots": 2, "ec2:DescribeVolumes": 3, "ec2:DescribeVpcs": 2,
  "ec2:DescribeFlowLogs": 2, "ec2:DescribeRegions": 1, "ec2:DescribeImages": 2, "ec2:DescribeNetworkInterfaces": 3, "ec2:GetEbsEncryptionByDefault": 1, "rds:DescribeDBInstances": 3,
  "rds:DescribeDBSnapshots": 3, "lambda:ListFunctions20150331": 2, "lambda:GetPolicy20150331v2": 4, "kms:ListAliases": 1, "kms:GetKeyRotationStatus": 5, "kms:GetKeyPolicy": 3,
  "cloudtrail:DescribeTrails": 2, "cloudtrail:GetTrailStatus": 2, "cloudtrail:GetEventSelectors": 1, "cloudtrail:ListTags": 1, "config:DescribeConfigurationRecorders": 1,
  "config:DescribeConfigurationRecorderStatus": 1, "config:DescribeConfigRules": 1, "config:GetComplianceDetailsByConfigRule": 2, "config:SelectResourceConfig": 1, "guardduty:ListDetectors": 1,
  "guardduty:GetDetector": 1, "guardduty:ListFindings": 1, "securityhub:DescribeHub": 1, "securityhub:GetFindings": 2, "inspector2:ListFindings": 1, "inspector2:BatchGetAccountStatus": 1,
  "access-analyzer:ListAnalyzers": 1, "access-analyzer:ListFindings": 1, "eks:ListClusters": 1, "eks:ListNodegroups": 1, "ecr:DescribeRepositories": 1, "wafv2:ListWebACLs": 1,
  "secretsmanager:ListSecrets": 1, "organizations:ListPolicies": 1, "organizations:DescribeAccount": 1, "ssm:DescribeInstanceInformation": 2, "backup:ListBackupJobs": 1,
});

/** The company's own posture scanner: from the security account it takes a read-only role in one account after the other. */
export class Auditor implements Actor {
  readonly rhythm = "hourly";
  readonly burst = 42;
  readonly share: number;
  readonly #home: Account;
  readonly #scanner: Caller;
  readonly #scannerId: string;
  readonly #targets: readonly { account: Account; roleId: string }[];
  #next = 0;

  constructor(company: Company, share: number, random: Random, start: number) {
    this.share = share;
    this.#home = accountNamed(company, "security");
    this.#scannerId = roleId(this.#home.id, "posture-scanner");
    this.#scanner = roleCaller(
      { account: this.#home.id, role: "posture-scanner", rolePath: "/", roleId: this.#scannerId, session: "posture-scanner", accessKeyId: temporaryKey(random), startedAt: start },
      this.#origin(),
    );
    this.#targets = company.accounts.map((account) => ({ account, roleId: roleId(account.id, "read-only-audit") }));
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    const target = this.#targets[this.#next++ % this.#targets.length];
    if (target === undefined) return 1;
    let time = slot + random.int(SLOT >> 2);
    const accessKeyId = temporaryKey(random);
    const session = `scan-${random.hex(8)}`;
    const sharedEventId = random.guid();
    // Both accounts record the same request; only the side that is asked sees the caller without its name.
    const stranger = plainCaller(`{"type":"AWSAccount","principalId":"${this.#scannerId}:posture-scanner","accountId":"${this.#home.id}"}`, this.#origin());
    const request = `{"roleArn":"arn:aws:iam::${target.account.id}:role/read-only-audit","roleSessionName":"${session}","durationSeconds":3600}`;
    const resources = `[{"accountId":"${target.account.id}","type":"AWS::IAM::Role","ARN":"arn:aws:iam::${target.account.id}:role/read-only-audit"}]`;
    const token = random.opaque(880);
    const response =
      `{"credentials":{"accessKeyId":"${accessKeyId}","sessionToken":"${token}","expiration":"${longTime(time + HOUR)}"},` +
      `"assumedRoleUser":{"assumedRoleId":"${target.roleId}:${session}","arn":"arn:aws:sts::${target.account.id}:assumed-role/read-only-audit/${session}"}}`;
    stage.at(this.#home, this.#home.regions[0] ?? "", time);
    stage.write("sts:AssumeRole", this.#scanner, { request, resources, response, sharedEventId });
    stage.at(target.account, this.#home.regions[0] ?? "", time);
    stage.write("sts:AssumeRole", stranger, { request, resources, response, sharedEventId });
    const caller = roleCaller(
      { account: target.account.id, role: "read-only-audit", rolePath: "/", roleId: target.roleId, session, accessKeyId, startedAt: time },
      this.#origin(),
    );
    const calls = 20 + random.int(40);
    for (let index = 0; index < calls; index++) {
      time = Math.min(slot + SLOT - SECOND, time + random.int(4 * SECOND));
      stage.at(target.account, random.pick(target.account.regions), time);
      stage.writeUsual(random.pick(READS), caller, 0.1);
    }
    return calls + 2;
  }

  #origin(): { address: string; agent: string } {
    return { address: this.#home.natAddresses[0] ?? "", agent: "Boto3/1.35.64 md/Botocore#1.35.64 ua/2.0 os/linux#6.1.115 md/arch#aarch64 lang/python#3.12.7 md/pyimpl#CPython posture-scanner/4.2" };
  }
}
