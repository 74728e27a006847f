import type { Entity, Finding, Level, SampleEvent } from "../../findings/index.ts";
import type { ScanReport } from "../schemas.ts";

const START = Date.parse("2026-03-14T00:00:00.000Z");
const MINUTE = 60_000;
const PROD = "111122223333";

interface Step {
  level: Level;
  tactics: string[];
  techniques: string[];
  title: string;
  who: Entity;
  operation: string;
  service: string;
  resource: string | null;
  /** Minutes after midnight, and how long it goes on. */
  at: number;
  minutes: number;
  count: number;
  outcome?: string;
}

const key: Entity = { kind: "user", key: "user:111122223333/svc-backup", name: "svc-backup" };
const anna: Entity = { kind: "person", key: "person:anna.keller@example.com", name: "anna.keller@example.com" };
const deploy: Entity = { kind: "role", key: "role:ci-deploy", name: "ci-deploy" };
const contractor: Entity = { kind: "person", key: "person:li.wei@example.net", name: "李伟 (contractor)" };
const scanner: Entity = { kind: "role", key: "role:posture-scanner", name: "posture-scanner" };

const STEPS: Step[] = [
  { level: "critical", tactics: ["defense-impairment"], techniques: ["T1562.008"], title: "svc-backup stopped the CloudTrail trail org-trail in account 111122223333", who: key, operation: "StopLogging", service: "cloudtrail", resource: "arn:aws:cloudtrail:eu-central-1:111122223333:trail/org-trail", at: 171, minutes: 3, count: 3 },
  { level: "critical", tactics: ["exfiltration"], techniques: ["T1537"], title: "svc-backup shared 4 database snapshots with the unknown account 999988887777", who: key, operation: "ModifyDBSnapshotAttribute", service: "rds", resource: "arn:aws:rds:eu-central-1:111122223333:snapshot:customers-2026-03-13", at: 196, minutes: 14, count: 4 },
  { level: "high", tactics: ["persistence"], techniques: ["T1098.001"], title: "svc-backup made an access key for the administrator ops-admin", who: key, operation: "CreateAccessKey", service: "iam", resource: "arn:aws:iam::111122223333:user/ops-admin", at: 152, minutes: 0, count: 1 },
  { level: "high", tactics: ["initial-access"], techniques: ["T1078.004"], title: "The access key of svc-backup was used from a network never seen before", who: key, operation: "GetCallerIdentity", service: "sts", resource: null, at: 133, minutes: 95, count: 212 },
  { level: "high", tactics: ["privilege-escalation"], techniques: ["T1098.003"], title: "svc-backup gave itself the policy AdministratorAccess", who: key, operation: "AttachUserPolicy", service: "iam", resource: "arn:aws:iam::111122223333:user/svc-backup", at: 149, minutes: 0, count: 1 },
  { level: "high", tactics: ["credential-access"], techniques: ["T1555.006"], title: "svc-backup read 38 secrets in 6 minutes", who: key, operation: "GetSecretValue", service: "secretsmanager", resource: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/payments/api-key-Xa81Zq", at: 161, minutes: 6, count: 38 },
  { level: "medium", tactics: ["discovery"], techniques: ["T1087.004", "T1580"], title: "svc-backup listed users, roles, buckets and instances in four regions", who: key, operation: "ListUsers", service: "iam", resource: null, at: 136, minutes: 12, count: 964, outcome: "AccessDenied" },
  { level: "medium", tactics: ["impact"], techniques: ["T1485"], title: "svc-backup deleted 12 backups from the vault nightly", who: key, operation: "DeleteRecoveryPoint", service: "backup", resource: "arn:aws:backup:eu-central-1:111122223333:backup-vault:nightly", at: 214, minutes: 9, count: 12 },
  { level: "medium", tactics: ["defense-impairment"], techniques: ["T1562.007"], title: "ci-deploy opened port 22 to the whole internet on sg-0a1b2c3d4e5f", who: deploy, operation: "AuthorizeSecurityGroupIngress", service: "ec2", resource: "sg-0a1b2c3d4e5f", at: 612, minutes: 0, count: 1 },
  { level: "medium", tactics: ["initial-access"], techniques: ["T1078.004"], title: "The root user of account 444455556666 signed in without a second factor", who: { kind: "account", key: "account:444455556666", name: "root of 444455556666" }, operation: "ConsoleLogin", service: "signin", resource: null, at: 541, minutes: 0, count: 1 },
  { level: "medium", tactics: ["credential-access"], techniques: ["T1110.003"], title: "李伟 (contractor) failed to sign in 41 times", who: contractor, operation: "ConsoleLogin", service: "signin", resource: null, at: 470, minutes: 380, count: 41, outcome: "Failed authentication" },
  { level: "low", tactics: ["persistence"], techniques: ["T1136.003"], title: "anna.keller@example.com created the IAM user load-test", who: anna, operation: "CreateUser", service: "iam", resource: "arn:aws:iam::444455556666:user/load-test", at: 655, minutes: 0, count: 1 },
  { level: "low", tactics: ["discovery"], techniques: ["T1526"], title: "posture-scanner was denied 1,840 reads across 12 accounts", who: scanner, operation: "GetBucketPolicy", service: "s3", resource: "arn:aws:s3:::example-archive", at: 15, minutes: 1180, count: 1840, outcome: "AccessDenied" },
  { level: "low", tactics: ["execution"], techniques: ["T1651"], title: "anna.keller@example.com ran a shell command on 3 instances", who: anna, operation: "SendCommand", service: "ssm", resource: "arn:aws:ec2:eu-central-1:444455556666:instance/i-0abc1234def567890", at: 702, minutes: 22, count: 3 },
  { level: "informational", tactics: [], techniques: [], title: "ci-deploy used a region that is new for it: ap-south-1", who: deploy, operation: "DescribeInstances", service: "ec2", resource: null, at: 905, minutes: 40, count: 18 },
];

function iso(minutes: number): string {
  return new Date(START + minutes * MINUTE).toISOString();
}

function sampleOf(step: Step, i: number): SampleEvent {
  const time = iso(step.at + (step.minutes * i) / 4 + 0.12);
  const address = step.who === key ? "203.0.113.77" : "198.51.100.14";
  const outcome = step.outcome ?? "success";
  const raw = JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: step.who.kind === "user" ? "IAMUser" : "AssumedRole", accountId: PROD, accessKeyId: "AKIAIOSFODNN7EXAMPLE", userName: step.who.name },
    eventTime: time.slice(0, 19) + "Z",
    eventSource: `${step.service}.amazonaws.com`,
    eventName: step.operation,
    awsRegion: "eu-central-1",
    sourceIPAddress: address,
    userAgent: "aws-cli/2.15.30 Python/3.11.8 Linux/6.1 exe/x86_64",
    ...(outcome === "success" ? {} : { errorCode: outcome }),
    requestParameters: step.resource === null ? null : { name: step.resource, force: true, tags: [] },
    eventID: `00000000-0000-4000-8000-${String(step.at).padStart(8, "0")}000${i}`,
    recipientAccountId: PROD,
  });
  return {
    event_uid: `00000000-0000-4000-8000-${String(step.at).padStart(8, "0")}000${i}`,
    time,
    file: "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/14/111122223333_CloudTrail_eu-central-1_20260314T0255Z_Qx81.json.gz",
    line: 17 + i * 23,
    operation: step.operation,
    service: step.service,
    actor: step.who.name,
    address,
    user_agent: "aws-cli/2.15.30 Python/3.11.8 Linux/6.1 exe/x86_64",
    account: PROD,
    region: "eu-central-1",
    outcome,
    resource: step.resource,
    raw,
  };
}

function histogramOf(step: Step): [string, number][] {
  const hours = Math.floor((step.at + step.minutes) / 60) - Math.floor(step.at / 60) + 1;
  return Array.from({ length: hours }, (_, i): [string, number] => [iso((Math.floor(step.at / 60) + i) * 60), Math.max(1, Math.round((step.count / hours) * (1 + 0.6 * Math.sin(i * 1.7))))]);
}

/** A realistic finding of the staged breach, or of the ordinary day around it. */
function findingOf(step: Step, i: number): Finding {
  const samples = Array.from({ length: Math.min(step.count, step === STEPS[0] ? 3 : 2) }, (_, n) => sampleOf(step, n));
  return {
    id: `4f${i.toString(16).padStart(2, "0")}a90c7be13d58`,
    rule: {
      id: `6f2d1c00-3b1e-4a57-9d0e-${String(i).padStart(12, "0")}`,
      title: `${step.operation} by an unusual identity`,
      level: step.level,
      tags: [...step.tactics, ...step.techniques].map((tag) => `attack.${tag.toLowerCase()}`),
      description: "Somebody who has a foothold hides what comes next, widens what they may do, or takes what they came for. This call is rare in daily work and common in the middle of a breach.",
      falsepositives: ["A planned change by the platform team; there is a ticket for it", "The first run of new automation"],
      references: ["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delete-trails-console.html"],
      check: [`Ask the owner of ${step.who.name} whether they did this, on a channel other than mail`, "Look at everything else the same access key did in the hour before", "Check whether the address belongs to your VPN or a cloud provider"],
      respond: ["Deactivate the access key, do not delete it yet", `Undo ${step.operation} and confirm in the console`, "Declare an incident if more than one finding names this identity"],
    },
    title: step.title,
    level: step.level,
    count: step.count,
    first_seen: iso(step.at + 0.12),
    last_seen: iso(step.at + step.minutes + 0.12),
    entity: step.who,
    tactics: step.tactics,
    techniques: step.techniques,
    accounts: step.who === scanner ? [PROD, "444455556666", "777788889999"] : [PROD],
    regions: step.operation === "ListUsers" ? ["eu-central-1", "us-east-1", "eu-west-1", "ap-south-1"] : ["eu-central-1"],
    addresses: step.who === key ? ["203.0.113.77", "203.0.113.91"] : ["198.51.100.14"],
    access_keys: step.who === key ? ["AKIAIOSFODNN7EXAMPLE"] : [],
    user_agents: ["aws-cli/2.15.30 Python/3.11.8 Linux/6.1 exe/x86_64"],
    operations: [step.operation],
    resources: step.resource === null ? [] : [step.resource],
    outcomes: [step.outcome ?? "success"],
    histogram: histogramOf(step),
    samples,
  };
}

/** Events in an hour of a working day; at two in the morning the breach shows. */
function eventsIn(hour: number): number {
  return Math.round(2600 + 41_000 * Math.exp(-(((hour - 11.5) / 3.6) ** 2)) + (hour === 2 ? 5200 : 0) + 900 * Math.sin(hour * 2.4));
}

/** A day of a made-up company with a breach in it. */
export function breachReport(): ScanReport {
  return {
    generated: "2026-03-15T06:30:11.000Z",
    version: "0.1.0",
    inputs: ["./AWSLogs"],
    counts: { read: 412_907, stored: 412_511, duplicate: 384, dead: 12 },
    bytes: 718_450_112,
    seconds: 6.4,
    rules: { count: 74, matched: 14 },
    signals: 3140,
    findings: STEPS.map(findingOf),
    volume: Array.from({ length: 24 }, (_, hour): [string, number] => [iso(hour * 60), eventsIn(hour)]),
    identities: [
      { name: "ci-deploy", kind: "role", count: 141_220, findings: 2 },
      { name: "web-frontend", kind: "role", count: 96_411, findings: 0 },
      { name: "posture-scanner", kind: "role", count: 60_002, findings: 1 },
      { name: "autoscaling.amazonaws.com", kind: "service", count: 21_870, findings: 0 },
      { name: "anna.keller@example.com", kind: "person", count: 3120, findings: 2 },
      { name: "svc-backup", kind: "user", count: 1290, findings: 8 },
    ],
    addresses: [
      { name: "10.4.18.22", count: 120_410, findings: 0 },
      { name: "198.51.100.14", count: 44_310, findings: 7 },
      { name: "203.0.113.77", count: 1240, findings: 8 },
    ],
    services: [
      { name: "s3", count: 180_411, findings: 1 },
      { name: "sts", count: 99_114, findings: 1 },
      { name: "ec2", count: 61_000, findings: 2 },
      { name: "iam", count: 2210, findings: 4 },
    ],
    operations: [
      { name: "AssumeRole", count: 90_100, findings: 0 },
      { name: "GetObject", count: 71_014, findings: 0 },
      { name: "DescribeInstances", count: 40_555, findings: 1 },
    ],
    unreadable: [
      { file: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/14/part-0007.json.gz", line: 1841, reason: "The file ends in the middle of a record (truncated gzip)", count: 1 },
      { file: "AWSLogs/notes.json", line: 3, reason: "Not JSON: expected a comma or } after a value", count: 11 },
    ],
    unreadable_total: 2,
    sources: [{ source: "aws.cloudtrail", events: 412_511, first: iso(0.2), last: iso(1439) }],
  };
}
