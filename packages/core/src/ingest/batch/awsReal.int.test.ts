import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, recogniseLine, sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;
const linesOf = (file: string): string[] => readFileSync(join(samples!, file), "utf8").split("\n").filter((line) => line !== "");
const recordsOf = (folder: string): JsonRecord[] => sampleRecords(join(samples!, folder)).map(({ record }) => record["log"] as JsonRecord);
const problemsOf = (mapped: readonly Mapped[]): unknown[] => mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ index, problem })));
const notFrom = (id: string, records: readonly JsonRecord[]): JsonRecord[] => records.filter((record) => recognise(record).source.id !== id);

describe.skipIf(!samples)("real access logs of load balancers", () => {
  const lines = samples ? [...linesOf("aws-alb/crowdsec/aws-alb-logs/aws-alb-logs.log"), ...linesOf("aws-alb/plaso/aws_elb_access.log")] : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.elb")!, lines);
  });

  const at = (text: string): Mapped => mapped[lines.findIndex((line) => line.includes(text))]!;

  it("are recognised, and give valid OCSF events", () => {
    expect(lines).toHaveLength(30);
    expect(lines.filter((line) => recogniseLine(line).id !== "aws.elb")).toEqual([]);
    expect(problemsOf(mapped)).toEqual([]);
  });

  it("say what they say: an attack that a fixed response answers", () => {
    const { columns, ocsf } = at("192.168.1.16:41062");
    expect(columns).toMatchObject({ time: "2023-04-26 19:53:56.715663", address: "192.168.1.16", entity_key: "address:192.168.1.16", operation: "GET", outcome: "404", resource: "/remote_agent.php", account: "123456789012", region: "us-east-2", target: null, actions: "waf,fixed-response" });
    expect(ocsf).toMatchObject({ class_uid: 4002, http_response: { code: 404, length: 167 }, http_request: { url: { hostname: "cacti.example.com", query_string: "action=polldata&host_id=1&local_data_ids[]=3&poller_id=;ping%20%24%28whoami%29.test.com" } } });
  });

  it("say what they say: a connection through a Classic Load Balancer", () => {
    const { columns, ocsf } = at("2021-05-13T23:39:45");
    expect(columns).toMatchObject({ time: "2021-05-13 23:39:45.945958", address: "192.168.131.39", operation: null, outcome: null, resource: "my-loadbalancer", account: null, bytes: "305" });
    expect(ocsf).toMatchObject({ class_uid: 4001, status_id: 0, traffic: { bytes_in: 82, bytes_out: 305 }, dst_endpoint: { ip: "10.0.0.1", port: 80 } });
  });

  it("say what they say: TLS of a Network Load Balancer", () => {
    const { columns, ocsf } = at("2022-04-01T08:51:42");
    expect(columns).toMatchObject({ time: "2022-04-01 08:51:42", address: "72.21.218.154", outcome: null, resource: "net/my-network-loadbalancer/c6e77e28c25b2234", account: "671290407336", region: "us-east-2", tls_version: "tlsv12" });
    expect(ocsf).toMatchObject({ class_uid: 4001, src_endpoint: { port: 51341 }, dst_endpoint: { ip: "172.100.100.185", port: 443 } });
  });
});

describe.skipIf(!samples)("real requests to S3, out of a table", () => {
  const records = samples ? recordsOf("aws-s3access") : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.s3access")!, records.map((record) => JSON.stringify(record)));
  });

  it("are recognised, and give valid OCSF events", () => {
    expect(records).toHaveLength(7);
    expect(notFrom("aws.s3access", records)).toEqual([]);
    expect(problemsOf(mapped)).toEqual([]);
  });

  it("say what they say: a wrong signature", () => {
    const { columns, ocsf } = mapped[0]!;
    expect(columns).toMatchObject({ time: "2020-06-21 20:41:25", address: "54.159.198.108", entity_key: "address:54.159.198.108", operation: "REST.PUT.OBJECT", outcome: "SignatureDoesNotMatch", user_agent: "aws-internal/3", bytes: "9438", total_time: "9", account: null });
    expect(columns["resource"]).toBe("cloudtrail/AWSLogs/o-3h3h3h3h3h/123456789012/CloudTrail/us-east-1/2020/06/21/123456789012_CloudTrail_us-east-1_20200621T2035Z_ZqQWc4WNXOQUiIic.json.gz");
    expect(ocsf).toMatchObject({ class_uid: 6003, activity_id: 1, status: "Failure", http_request: { http_method: "PUT" }, api: { request: { uid: "8EFD962F22F2A510" }, response: { code: 403 } } });
  });

  it("say what they say: a user who is refused, and a request of which little is told", () => {
    expect(mapped[1]!.columns).toMatchObject({ time: "2020-04-22 07:48:45", address: "10.106.38.245", entity_key: "user:162777425019:awslogsdelivery", operation: "REST.GET.OBJECT", outcome: "AccessDenied", resource: "panther-auditlogs", account: "162777425019" });
    expect(mapped[6]!.columns).toMatchObject({ time: "2024-01-01 00:00:00", address: "2600:1ffe:8140::a47:a85a", operation: null, outcome: null, resource: "my-test-bucket" });
  });
});

describe.skipIf(!samples)("real flows of VPCs, out of a table", () => {
  const records = samples ? recordsOf("aws-vpcflow") : [];
  const lake = samples ? (JSON.parse(readFileSync(join(samples, "ocsf-pairs/aws-security-lake/1.0.0-rc.2/VPC_FLOW/inputs/vpc_flow-input1.json.parquet.json"), "utf8")) as JsonRecord[]) : [];
  const flows = [...records.slice(0, 6), ...lake];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.vpcflow")!, flows.map((record) => JSON.stringify(record)));
  });

  it("are recognised, but for the one that says nothing of a flow, and give valid OCSF events", () => {
    expect(records).toHaveLength(7);
    expect(notFrom("aws.vpcflow", [...records, ...lake])).toEqual([{ p_any_ip_addresses: ["10.0.0.1"], p_log_type: "AWS.VPCFlow" }]);
    expect(problemsOf(mapped)).toEqual([]);
  });

  it("say what they say: with three fields, and with all of version 5", () => {
    expect(mapped[0]!.columns).toMatchObject({ time: "2024-01-01 00:00:00", address: "1.1.1.1", destination: "10.0.0.1", destination_port: "22", operation: null, outcome: null, account: null });
    expect(mapped[1]!.columns).toMatchObject({ address: "1.1.1.1", destination: "10.0.0.1", destination_port: "443", entity_key: "address:1.1.1.1" });
    const { columns, ocsf } = mapped[6]!;
    expect(columns).toMatchObject({ time: "2022-04-12 00:02:12", address: "1.2.3.4", operation: "ACCEPT", outcome: "success", resource: "i-000000000000000000", account: "123456789012", region: "us-east-2", direction: "egress" });
    expect(ocsf).toMatchObject({ class_uid: 4001, activity_id: 6, disposition: "Allowed", start_time: 1649721732000, end_time: 1649721788000, connection_info: { protocol_num: 6, tcp_flags: 2, direction: "Outbound" }, traffic: { packets: 1, bytes: 50 }, src_endpoint: { port: 56858, vpc_uid: "vpc-00000000", interface_uid: "eni-000000000000000000" }, dst_endpoint: { ip: "172.31.2.52", port: 39938 } });
  });
});

describe.skipIf(!samples)("real findings of Security Hub", () => {
  const records = samples ? recordsOf("aws-securityhub") : [];
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.securityhub")!, records.map((record) => JSON.stringify(record)));
  });

  it("are recognised, give valid OCSF events, and say what they say", () => {
    expect(records).toHaveLength(2);
    expect(notFrom("aws.securityhub", records)).toEqual([]);
    expect(problemsOf(mapped)).toEqual([]);
    const { columns, ocsf } = mapped[0]!;
    expect(columns).toMatchObject({ time: "2024-05-24 22:34:07", operation: "Unusual Behaviors", api: "Decrypt", service: "kms.amazonaws.com", severity: "HIGH", entity_key: "role:user_ab21cde50f", access_key: "ABC9ONWNS3155VIEJC8U", address: null, account: "123456789012", region: "us-east-1", resource: "arn:aws:ssm:us-east-1:123456789012:parameter/info-parameter" });
    expect(ocsf).toMatchObject({ class_uid: 2004, severity_id: 4, status: "New", finding_info: { uid: "6abc0de0-69ea-4e15-91c6-27eb4a07bd21", product: { name: "DecoyDetector" } } });
    expect(mapped[1]!.columns).toMatchObject({ api: "DescribeParameters", entity_key: "role:user_ab21cde50f" });
  });
});

describe("flows below a header", () => {
  it("are read by its names in whatever order, and keep what has none here", async () => {
    const header = "dstport instance-id brand-new-field srcaddr dstaddr action end start";
    const line = "443 i-0123456789abcdef0 whatever 203.0.113.12 192.0.2.20 REJECT 1715679060 1715679000";
    expect(sourceById("aws.vpcflow")!.text!.header!.recognises(header)).toBe(true);
    const [flow] = await mapRecords(sourceById("aws.vpcflow")!, [line], header);
    expect(flow!.columns).toMatchObject({ time: "2024-05-14 09:30:00", ended: "2024-05-14 09:31:00", address: "203.0.113.12", destination: "192.0.2.20", destination_port: "443", instance_id: "i-0123456789abcdef0", operation: "REJECT", account: null, log_status: null, raw_data: line });
    expect(validate(flow!.ocsf)).toEqual([]);
  });

  it("begin with a line of fields, not with prose", () => {
    const isHeader = (line: string): boolean => sourceById("aws.vpcflow")!.text!.header!.recognises(line);
    expect(["version account-id interface-id srcaddr", "start the action and end the region"].map(isHeader)).toEqual([true, false]);
  });
});

describe("the same identity in CloudTrail, GuardDuty and Security Hub", () => {
  const arn = (what: string): string => `arn:aws:iam::111122223333:${what}`;
  const who = [
    { is: "a user", type: "IAMUser", name: "anna", principal: "AIDAEXAMPLE", arn: arn("user/build/anna"), key: "user:111122223333:anna" },
    { is: "root", type: "Root", name: "", principal: "111122223333", arn: arn("root"), key: "user:111122223333:root" },
    { is: "a role of a workload", type: "AssumedRole", name: "web", principal: "AROAEXAMPLE:i-0123456789abcdef0", arn: "arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0", key: "role:web" },
    { is: "a person with single sign-on", type: "AssumedRole", name: "AWSReservedSSO_Admin_0123456789abcdef", principal: "AROAEXAMPLE:Ines", arn: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/Ines", key: "person:ines" },
    { is: "a person who names the session", type: "AssumedRole", name: "admin", principal: "AROAEXAMPLE:Ines@corp.example", arn: "arn:aws:sts::111122223333:assumed-role/admin/Ines@corp.example", key: "person:ines@corp.example" },
  ];

  it.each(who)("has one key, and one access key: $is", async ({ type, name, principal, arn: of, key }) => {
    const session = type === "AssumedRole" ? { sessionContext: { sessionIssuer: { type: "Role", userName: name, arn: arn(`role/${name}`) } } } : {};
    const userName = type === "IAMUser" ? { userName: name } : {};
    const event = { eventSource: "s3.amazonaws.com", eventName: "ListBuckets", eventTime: "2024-05-14T09:30:00Z", recipientAccountId: "111122223333", userIdentity: { type, principalId: principal, arn: of, accountId: "111122223333", accessKeyId: "ASIAEXAMPLE000000001", ...userName, ...session } };
    const finding = { id: "1", type: "Discovery:S3/AnomalousBehavior", arn: "arn:aws:guardduty:eu-central-1:111122223333:detector/0a/finding/1", accountId: "111122223333", resource: { resourceType: "AccessKey", accessKeyDetails: { accessKeyId: "ASIAEXAMPLE000000001", principalId: principal, userType: type, userName: type === "Root" ? "Root" : name } }, service: { serviceName: "guardduty" } };
    const told = { Id: "1", ProductArn: "arn:aws:securityhub:eu-central-1::product/aws/guardduty", AwsAccountId: "111122223333", Resources: [{ Type: "AwsIamAccessKey", Id: "AWS::IAM::AccessKey:ASIAEXAMPLE000000001", Details: { AwsIamAccessKey: { PrincipalId: principal, PrincipalType: type, PrincipalName: type === "Root" ? "Root" : name } } }] };
    for (const record of [event, finding, told]) {
      const [{ columns }] = (await mapRecords(recognise(record).source, [JSON.stringify(record)])) as [Mapped];
      expect({ source: columns["source"], entity: columns["entity_key"], access: columns["access_key"] }).toEqual({ source: recognise(record).source.id, entity: key, access: "ASIAEXAMPLE000000001" });
    }
  });

  it("has one key where a finding names it by its ARN, as S3's access logs do", async () => {
    for (const each of who) {
      const finding = { Id: "1", ProductArn: "arn:aws:securityhub:eu-central-1::product/aws/securityhub", AwsAccountId: "111122223333", Resources: [{ Type: "AwsIamRole", Id: each.arn }] };
      const line = `${"7f".repeat(32)} reports [14/May/2024:09:30:00 +0000] 203.0.113.12 ${each.arn} 3E57427F33A59F07 REST.GET.OBJECT a "GET /a HTTP/1.1" 200 - 1 1 7 1 "-" "x" - s9 SigV4 TLS AuthHeader reports.s3.amazonaws.com TLSv1.3 - -`;
      const [[named], [requested]] = (await Promise.all([mapRecords(sourceById("aws.securityhub")!, [JSON.stringify(finding)]), mapRecords(sourceById("aws.s3access")!, [line])])) as [[Mapped], [Mapped]];
      expect([named.columns["entity_key"], requested.columns["entity_key"]]).toEqual([each.key, each.key]);
    }
  });
});
