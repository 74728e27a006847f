import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;
const cloudtrail = sourceById("aws.cloudtrail")!;

/** Read off the records by eye. `resource` is any place in the event where OCSF puts what the call was about. */
interface Expectation {
  id: string;
  time: string;
  type: number;
  operation: string;
  actor: JsonRecord;
  source: JsonRecord;
  status: readonly [id: number, code?: string];
  account: string;
  about: JsonRecord;
}

const role = "stratus-red-team-ec2-get-password-data-role";
const roleArn = `arn:aws:iam::123837392027:role/${role}`;
const bertJan = { type: "IAMUser", name: "bert-jan", uid: "AIDATFQR7NSC5AU2ZV3IE", uid_alt: "arn:aws:iam::123837392027:user/bert-jan" };
const lab = "123837392027";
const here = { ip: "192.168.10.20" };

const EXPECTATIONS: Expectation[] = [
  {
    id: "293ba626-3be5-4a26-ab1b-0f4c54f49959", time: "2023-07-10T11:42:36Z", type: 600302, operation: "GetStorageLensConfiguration", account: lab, status: [1],
    actor: { user: { name: "benjamin", credential_uid: "ASIATFQR7NSCTM3XVF6B" }, session: { created_time: Date.UTC(2023, 6, 10, 11, 42, 31), is_mfa: true }, invoked_by: "AWS Internal" },
    source: { svc_name: "AWS Internal" }, about: { api: { request: { data: { Host: "123837392027.s3-control.us-east-1.amazonaws.com" } } } },
  },
  {
    id: "6c1eed73-00ee-4810-8009-c9ce5990c100", time: "2023-07-10T11:54:39Z", type: 300403, operation: "PutRolePolicy", account: lab, status: [1],
    actor: { user: bertJan }, source: here, about: { entity: { type: "Role", name: role, policy: { name: "inline-policy" } } },
  },
  {
    id: "e4bad408-6272-4892-bf47-bd41b435ce40", time: "2023-07-10T11:54:42Z", type: 300201, operation: "AssumeRole", account: lab, status: [2, "AccessDenied"],
    actor: { user: bertJan }, source: here, about: { user: bertJan },
  },
  {
    id: "4bd2a6f6-dddc-49e6-ba7d-08f73e809e64", time: "2023-07-10T11:54:47Z", type: 300201, operation: "AssumeRole", account: lab, status: [1],
    actor: { user: bertJan }, source: here,
    about: { user: { name: "aws-go-sdk-1688990082523310002", uid: "AROATFQR7NSCWWVLB7BES:aws-go-sdk-1688990082523310002", uid_alt: roleArn, account: { uid: lab } } },
  },
  {
    id: "a4a7b25e-c2d5-436f-8a7e-ea89f50541ab", time: "2023-07-10T11:55:24Z", type: 300201, operation: "AssumeRole", account: lab, status: [1],
    actor: { invoked_by: "inspector2.amazonaws.com" }, source: { svc_name: "inspector2.amazonaws.com" },
    about: { user: { uid_alt: "arn:aws:iam::123837392027:role/aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2" } },
  },
  {
    id: "fbd91225-39aa-4c00-822c-9f0b96e7758f", time: "2023-07-10T11:54:48Z", type: 600302, operation: "GetPasswordData", account: lab, status: [2, "Client.UnauthorizedOperation"],
    actor: { user: { type: "AssumedRole", uid: "AROATFQR7NSCWWVLB7BES:aws-go-sdk-1688990082523310002" }, session: { issuer: roleArn, is_mfa: false } },
    source: here, about: { resources: [{ uid: "i-durz4ux740gjqvcm" }] },
  },
  {
    id: "0bdf2b9c-2cf9-40dd-a88b-0148e08e5a75", time: "2023-07-10T11:57:50Z", type: 600302, operation: "GetSecretValue", account: lab, status: [1],
    actor: { user: bertJan }, source: here, about: { resources: [{ uid: "arn:aws:secretsmanager:us-east-1:123837392027:secret:stratus-red-team-retrieve-secret-6-fAVH0t" }] },
  },
  {
    id: "c6ebc8b7-572c-4123-92bf-9d94933724ca", time: "2023-07-10T11:57:50Z", type: 600302, operation: "Decrypt", account: lab, status: [1],
    actor: { user: bertJan, invoked_by: "secretsmanager.amazonaws.com" }, source: { svc_name: "secretsmanager.amazonaws.com" },
    about: { resources: [{ uid: "arn:aws:kms:us-east-1:123837392027:key/dad21b23-9915-42bd-981b-2a9f3c8f20c8", type: "AWS::KMS::Key", owner: { account: { uid: lab } } }] },
  },
  {
    id: "895dc875-cb08-45a5-b8c2-9158838741c0", time: "2023-07-10T11:55:23Z", type: 600303, operation: "SharedSnapshotVolumeCreated", account: lab, status: [1],
    actor: { user: { account: { uid: lab } }, invoked_by: "ec2.amazonaws.com" }, source: { svc_name: "ec2.amazonaws.com" },
    about: { unmapped: { serviceEventDetails: { snapshotId: "snap-0e83092ae538da583" } }, metadata: { correlation_uid: "b81f7fe5-36b5-49ea-bbc9-6a9007e733c0" } },
  },
  {
    id: "96347fdd-6466-41af-8d6c-df066e2a1a20", time: "2023-07-10T11:55:10Z", type: 300401, operation: "CreateInstanceProfile", account: lab, status: [1],
    actor: { user: bertJan }, source: here,
    about: { entity: { type: "Instance Profile", name: "stratus-red-team-ec2-steal-credentials-instance", uid: "arn:aws:iam::123837392027:instance-profile/stratus-red-team-ec2-steal-credentials-instance" } },
  },
  {
    id: "f6e10706-705c-47f2-94d4-112a9527ab8b", time: "2023-07-10T12:01:27Z", type: 600303, operation: "StopLogging", account: lab, status: [2, "TrailNotFoundException"],
    actor: { user: bertJan }, source: here, about: { resources: [{ uid: "stratus-red-team-ct-stop-trail-qzbgnfqisx" }] },
  },
  {
    id: "076e96d5-2983-473f-920a-2fc2d7e02777", time: "2023-07-10T12:00:08Z", type: 600303, operation: "PutEventSelectors", account: lab, status: [1],
    actor: { user: bertJan }, source: here, about: { resources: [{ uid: "stratus-red-team-ctes-trail-qyxyekjbtk" }] },
  },
  {
    id: "865d9377-9c6b-4fd7-8aad-725e95f6a140", time: "2024-08-02T08:53:24Z", type: 300201, operation: "ConsoleLogin", account: "562283505220", status: [1],
    actor: { user: { name: "stratus-red-team-nmfalu-jfzdtsvchl" } }, source: { name: "225.01.00.16" },
    about: { is_mfa: false, user: { name: "stratus-red-team-nmfalu-jfzdtsvchl" }, service: { name: "signin.amazonaws.com" } },
  },
  {
    id: "6e882b9d-2af8-4c67-b91f-aeac6a0e5e70", time: "2024-11-30T08:43:17Z", type: 300201, operation: "GetFederationToken", account: "742491224508", status: [1],
    actor: { user: { name: "stratus-red-team-user-federation-user" } }, source: { name: "255.090.254.5" },
    about: { user: { name: "stratus_red_team", uid: "742491224508:stratus_red_team", uid_alt: "arn:aws:sts::742491224508:federated-user/stratus_red_team" } },
  },
  {
    id: "16903cbd-fdff-4818-82f2-d66ad09aaf57", time: "2024-08-02T08:30:00Z", type: 600303, operation: "LeaveOrganization", account: "307578594326", status: [2, "AccessDenied"],
    actor: { session: { uid: "aws-go-sdk-1722587398902687000", issuer: "arn:aws:iam::307578594326:role/stratus-red-team-leave-org-role" } },
    source: { ip: "252.5.222.230" }, about: { cloud: { region: "euiso-south-3r" } },
  },
  {
    id: "1f2d6879-969f-4c15-b550-55015423e0c6", time: "2022-02-07T22:23:18Z", type: 600304, operation: "TerminateInstances", account: "012345678901", status: [1],
    actor: { user: { name: "fakeusername" } }, source: { ip: "1.2.3.4" }, about: { resources: [{ uid: "i-01234567890123456" }] },
  },
  {
    id: "d38ce1b3-4575-4cb8-a632-611b8243bfc3", time: "2022-11-10T16:24:34Z", type: 300201, operation: "ConsoleLogin", account: "111122223333", status: [2],
    actor: { user: { name: "anaya" } }, source: { ip: "192.0.2.0" }, about: { is_mfa: true, status_detail: "Failed authentication" },
  },
  {
    id: "1c2a53d1-58cc-41b3-85b8-bd7565370e0d", time: "2020-04-10T06:22:08Z", type: 300501, operation: "PutUserPolicy", account: "123456789012", status: [1],
    actor: { user: { name: "compromised_user" } }, source: { ip: "72.21.217.97" }, about: { user: { name: "compromised_user" }, privileges: ["AWSCompromisedKeyQuarantineV3"] },
  },
];

describe.skipIf(!samples)("real records keep their meaning", () => {
  const byId = new Map<string, Mapped>();
  beforeAll(async () => {
    const records = sampleRecords(join(samples!, "aws-cloudtrail")).map(({ record }) => JSON.stringify(record["log"] ?? record));
    for (const event of await mapRecords(cloudtrail, records)) {
      const id = String((event.ocsf["metadata"] as JsonRecord)["uid"]);
      if (!byId.has(id)) byId.set(id, event);
    }
  });

  it.each(EXPECTATIONS)("$operation $id", (expected) => {
    const event = byId.get(expected.id)!.ocsf;
    expect(event).toMatchObject({
      time: Date.parse(expected.time),
      type_uid: expected.type,
      status_id: expected.status[0],
      actor: expected.actor,
      src_endpoint: expected.source,
      cloud: { provider: "AWS", account: { uid: expected.account } },
      api: { operation: expected.operation },
      ...expected.about,
      ...(expected.about["cloud"] ? { cloud: { account: { uid: expected.account }, ...(expected.about["cloud"] as JsonRecord) } } : {}),
      ...(expected.about["api"] ? { api: { operation: expected.operation, ...(expected.about["api"] as JsonRecord) } } : {}),
    });
    expect(event["status_code"]).toBe(expected.status[1]);
  });
});

/**
 * Amazon Security Lake's own mapping of three records, to OCSF 1.0.0-rc.2. Who, what, where from and when must agree, and the class
 * by name: API Activity has had another number since. Left out are the activity of API Activity (theirs is always Other) and the
 * status of a success (they leave it open).
 */
describe.skipIf(!samples)("Amazon Security Lake maps the same record to", () => {
  const folder = samples ? join(samples, "ocsf-pairs/aws-security-lake/1.0.0-rc.2/CLOUD_TRAIL") : "";

  it.each(samples ? readdirSync(folder) : [])("%s", async (name) => {
    const input = readdirSync(join(folder, name, "input"))[0]!;
    const output = readdirSync(join(folder, name)).find((file) => file.endsWith(".json"))!;
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(folder, name, "input", input))).toString()) as { Records: JsonRecord[] };
    const theirs = JSON.parse(readFileSync(join(folder, name, output), "utf8")) as SecurityLakeEvent[];
    const ours = await mapRecords(cloudtrail, Records.map((record) => JSON.stringify(record)));
    expect(ours).toHaveLength(theirs.length);
    theirs.forEach((their, index) => {
      const { actor, api, src_endpoint: source } = their;
      expect(ours[index]!.ocsf).toMatchObject({
        metadata: { uid: their.metadata.uid },
        time: their.time,
        class_name: their.class_name,
        ...(their.class_name === "API Activity" ? {} : { class_uid: their.class_uid, activity_id: their.activity_id, user: { name: their.user!.name } }),
        ...(their.status_id === 0 ? {} : { status_id: their.status_id, status: their.status }),
        actor: { user: { uid: actor.user.uid, uid_alt: actor.user.uuid, type: actor.user.type, account: { uid: actor.user.account_uid }, credential_uid: actor.user.credential_uid } },
        api: { operation: api.operation, service: api.service, request: { uid: api.request.uid } },
        cloud: their.cloud,
        src_endpoint: { ip: source.ip },
        http_request: their.http_request,
      });
    });
  });
});

interface SecurityLakeEvent {
  metadata: { uid: string };
  time: number;
  class_name: string;
  class_uid: number;
  activity_id: number;
  status_id: number;
  status: string;
  user?: { name: string };
  actor: { user: { uid: string; uuid: string; type: string; account_uid: string; credential_uid: string } };
  api: { operation: string; service: JsonRecord; request: { uid: string } };
  cloud: JsonRecord;
  src_endpoint: { ip: string };
  http_request: JsonRecord;
}
