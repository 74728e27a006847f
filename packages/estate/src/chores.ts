import { BROWSERS, COMMAND_LINES } from "./agents.ts";
import { plainCaller, roleCaller, type Caller } from "./caller.ts";
import { accountNamed, type Account } from "./company.ts";
import { accessKey, roleId, signOnRole, temporaryKey, userId } from "./ids.ts";
import type { Stage } from "./stage.ts";
import { HOUR, MINUTE, SECOND } from "./times.ts";

/**
 * The small stories of an ordinary day, on every day and at any size: things that look like an attack to a rule in a hurry
 * and must not wake anybody. `day` is midnight UTC in milliseconds since 1970.
 */
export function stageChores(stage: Stage, day: number): void {
  forgottenPassword(stage, day + 8 * HOUR + stage.random.int(HOUR));
  keyRotation(stage, day + 9 * HOUR + stage.random.int(HOUR));
  stagingHop(stage, day + 10 * HOUR + stage.random.int(2 * HOUR));
  onCallSession(stage, day + 15 * HOUR + stage.random.int(HOUR));
}

function administrator(stage: Stage, account: Account, time: number): Caller {
  const person = stage.company.people.find((someone) => someone.team === "platform");
  return roleCaller(
    {
      account: account.id,
      ...signOnRole(account.id, "PlatformAdmin"),
      session: person?.email ?? "",
      accessKeyId: temporaryKey(stage.random),
      startedAt: time - 10 * MINUTE,
    },
    { address: stage.company.officeAddresses.europe, agent: COMMAND_LINES[0] ?? "" },
  );
}

/** The bookkeeper of the back office, one of the last IAM users, mistypes twice and then gets in with the second factor. */
function forgottenPassword(stage: Stage, time: number): void {
  const account = accountNamed(stage.company, "back-office");
  const origin = { address: stage.company.officeAddresses.europe, agent: BROWSERS[1] ?? "" };
  const region = account.regions[0] ?? "";
  const principalId = userId(account.id, "bookkeeping");
  const failed = plainCaller(`{"type":"IAMUser","principalId":"${principalId}","accountId":"${account.id}","accessKeyId":"","userName":"bookkeeping"}`, origin);
  const known = plainCaller(`{"type":"IAMUser","principalId":"${principalId}","arn":"arn:aws:iam::${account.id}:user/bookkeeping","accountId":"${account.id}","userName":"bookkeeping"}`, origin);
  for (let attempt = 0; attempt < 2; attempt++) {
    stage.at(account, region, time + attempt * 20 * SECOND);
    stage.write("signin:ConsoleLogin", failed, {
      fault: { message: "Failed authentication" },
      response: `{"ConsoleLogin":"Failure"}`,
      additional: `{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"Yes"}`,
    });
  }
  stage.at(account, region, time + MINUTE);
  stage.write("signin:ConsoleLogin", known, {
    additional: `{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAIdentifier":"arn:aws:iam::${account.id}:mfa/bookkeeping","MFAUsed":"Yes"}`,
  });
}

/** A platform engineer gives the mail relay's user a new key and retires the old one: the textbook rotation. */
function keyRotation(stage: Stage, time: number): void {
  const account = accountNamed(stage.company, "production-us");
  const caller = administrator(stage, account, time);
  const old = accessKey(stage.random);
  const steps: readonly (readonly [operation: string, after: number, key: string | null])[] = [
    ["iam:ListAccessKeys", 0, null],
    ["iam:CreateAccessKey", 30 * SECOND, null],
    ["iam:GetAccessKeyLastUsed", 35 * MINUTE, old],
    ["iam:UpdateAccessKey", 36 * MINUTE, old],
    ["iam:DeleteAccessKey", 3 * HOUR, old],
  ];
  for (const [operation, after, key] of steps) {
    const scene = stage.at(account, "us-east-1", time + after);
    scene.fix("user", "mail-relay");
    if (key !== null) scene.fix("accessKey", key);
    stage.write(operation, caller);
  }
}

/** A developer takes the deployment role of staging to look into a failed release, and meets two closed doors. */
function stagingHop(stage: Stage, time: number): void {
  const account = accountNamed(stage.company, "staging");
  const person = stage.company.people.find((someone) => someone.team === "payments");
  const region = account.regions[0] ?? "";
  const origin = { address: person?.homeAddress ?? "", agent: COMMAND_LINES[1] ?? "" };
  const session = { account: account.id, rolePath: "/", session: person?.email ?? "", startedAt: time };
  const developer = roleCaller(
    { ...session, ...signOnRole(account.id, "Developer"), accessKeyId: temporaryKey(stage.random) },
    origin,
  );
  const debugRoleId = roleId(account.id, "release-debug");
  const accessKeyId = temporaryKey(stage.random);
  const scene = stage.at(account, region, time);
  scene.fix("role", "release-debug");
  scene.fix("roleId", debugRoleId);
  scene.fix("session", session.session);
  scene.fix("temporaryKey", accessKeyId);
  stage.write("sts:AssumeRole", developer);
  const debugging = roleCaller({ ...session, role: "release-debug", roleId: debugRoleId, accessKeyId }, origin);
  const steps = ["sts:GetCallerIdentity", "ecs:DescribeServices", "ecs:DescribeTasks", "logs:FilterLogEvents", "cloudformation:DescribeStacks"];
  steps.forEach((step, index) => {
    stage.at(account, region, time + (index + 1) * 15 * SECOND);
    stage.write(step, debugging);
  });
  for (const bucket of ["s3:GetBucketPolicy", "s3:GetBucketLogging"]) {
    stage.at(account, region, time + 2 * MINUTE);
    stage.write(bucket, debugging, { fault: { code: "AccessDenied", message: "Access Denied" } });
  }
}

/** The engineer on call opens a shell on one server through Session Manager, looks, and closes it. */
function onCallSession(stage: Stage, time: number): void {
  const account = accountNamed(stage.company, "production");
  const region = account.regions[0] ?? "";
  const caller = administrator(stage, account, time);
  const instance = account.resources.instances[0] ?? "";
  const tail = stage.random.hex(16);
  const steps: readonly (readonly [operation: string, after: number])[] = [
    ["monitoring:DescribeAlarms", 0],
    ["ssm:DescribeInstanceInformation", MINUTE],
    ["ssm:GetConnectionStatus", 90 * SECOND],
    ["ssm:StartSession", 2 * MINUTE],
    ["ssm:TerminateSession", 19 * MINUTE],
  ];
  for (const [operation, after] of steps) {
    const scene = stage.at(account, region, time + after);
    scene.fix("instance", instance);
    scene.fix("session", caller.arn.slice(caller.arn.lastIndexOf("/") + 1));
    scene.fix("hex16", tail);
    stage.write(operation, caller);
  }
}
