import type { AccountChange, ApiActivity, Authentication, DetectionFinding, EntityManagement, GroupManagement, Metadata, UserAccess } from "../index.ts";

/** Valid events, written by hand from the published schema; typed, so that the generated types are held to the same examples. */

const metadata: Metadata = { version: "1.8.0", product: { name: "CloudTrail", vendor_name: "AWS" }, uid: "a3c1" };
const inCloud: Metadata = { ...metadata, profiles: ["cloud", "datetime"] };
const cloud = { provider: "AWS", region: "eu-west-1", account: { uid: "111122223333", type: "AWS Account", type_id: 10 } } as const;

export const authentication: Authentication = {
  class_uid: 3002,
  class_name: "Authentication",
  category_uid: 3,
  category_name: "Identity & Access Management",
  activity_id: 1,
  activity_name: "Logon",
  type_uid: 300201,
  type_name: "Authentication: Logon",
  time: 1_700_000_000_000,
  time_dt: "2023-11-14T22:13:20.000Z",
  severity_id: 1,
  severity: "Informational",
  status_id: 2,
  status: "Failure",
  metadata: inCloud,
  cloud,
  user: { name: "ada", type_id: 1, groups: [{ name: "admins" }, { uid: "g-2" }], email_addr: "ada@example.com" },
  src_endpoint: { ip: "2001:db8::1", port: 443 },
  service: { name: "signin" },
  is_mfa: false,
  unmapped: { "any thing": { at: ["all", null] } },
};

export const accountChange: AccountChange = {
  class_uid: 3001,
  category_uid: 3,
  activity_id: 1,
  type_uid: 300101,
  time: 1_700_000_000_000,
  severity_id: 99,
  severity: "Curious",
  metadata: inCloud,
  cloud,
  actor: { user: { uid: "arn:aws:iam::111122223333:user/ada" }, session: { is_mfa: true, created_time: 1_699_999_000_000 } },
  user: { name: "mallory" },
};

export const apiActivity: ApiActivity = {
  class_uid: 6003,
  category_uid: 6,
  activity_id: 2,
  type_uid: 600302,
  time: 1_700_000_000_000,
  severity_id: 1,
  metadata: inCloud,
  cloud,
  actor: { user: { uid: "AIDAEXAMPLE" }, invoked_by: "cloudformation.amazonaws.com" },
  api: { operation: "ListBuckets", service: { name: "s3.amazonaws.com" }, request: { uid: "r-1", data: { any: [1, "two"] } } },
  src_endpoint: { ip: "198.51.100.7" },
  resources: [{ uid: "arn:aws:s3:::photos", type: "AWS::S3::Bucket" }],
};

export const detectionFinding: DetectionFinding = {
  class_uid: 2004,
  category_uid: 2,
  activity_id: 1,
  type_uid: 200401,
  time: 1_700_000_000_000,
  severity_id: 4,
  metadata,
  finding_info: {
    uid: "f-1",
    title: "Trail stopped",
    attacks: [{ tactic: { uid: "TA0005" }, technique: { uid: "T1562", name: "Impair Defenses" } }],
  },
  evidences: [{ data: { line: 7 } }, { user: { name: "ada" } }],
};

const entityManagement: EntityManagement = {
  class_uid: 3004,
  category_uid: 3,
  activity_id: 1,
  type_uid: 300401,
  time: 1_700_000_000_000,
  severity_id: 1,
  metadata,
  entity: { name: "deploy-role", type: "Role" },
};

const userAccess: UserAccess = {
  class_uid: 3005,
  category_uid: 3,
  activity_id: 1,
  type_uid: 300501,
  time: 1_700_000_000_000,
  severity_id: 1,
  metadata,
  user: { name: "ada" },
  privileges: ["s3:GetObject"],
};

export const groupManagement: GroupManagement = {
  class_uid: 3006,
  category_uid: 3,
  activity_id: 3,
  type_uid: 300603,
  time: 1_700_000_000_000,
  severity_id: 1,
  metadata,
  group: { name: "admins" },
  user: { name: "ada" },
};

export const validEvents = { authentication, accountChange, apiActivity, detectionFinding, entityManagement, userAccess, groupManagement };
