import { accessKey, temporaryKey } from "./ids.ts";
import type { Resources } from "./resources.ts";
import type { Scene } from "./scene.ts";
import type { Filler } from "./template.ts";
import { HOUR, isoSeconds, longTime, MINUTE } from "./times.ts";

const from =
  (list: keyof Resources): Filler =>
  (scene) =>
    scene.random.pick(scene.account.resources[list]);

const fresh =
  (prefix: string): Filler =>
  (scene) =>
    `${prefix}-0${scene.random.hex(16)}`;

const FOLDERS = ["incoming", "processed", "2026/reports", "thumbnails", "batches", "übersicht", "attachments", "snapshots/daily"];
const SUFFIXES = ["json", "parquet", "csv.gz", "pdf", "png", "jsonl.gz", "html"];
const METRICS = ["CPUUtilization", "RequestCount", "HTTPCode_Target_5XX_Count", "ApproximateNumberOfMessagesVisible", "FreeStorageSpace", "MemoryUtilization"];

function objectKey({ random }: Scene): string {
  return `${random.pick(FOLDERS)}/${random.hex(2)}/${random.guid()}.${random.pick(SUFFIXES)}`;
}

/** Placeholders of the templates by name. Values never need JSON escaping. */
const PLACEHOLDERS: Readonly<Record<string, Filler>> = {
  account: (scene) => scene.account.id,
  region: (scene) => scene.region,
  zone: (scene) => scene.region + "abc".charAt(scene.random.int(3)),
  environment: (scene) => scene.account.environment,
  organization: (scene) => scene.company.organizationId,
  service: (scene) => scene.random.pick(scene.company.services),
  otherAccount: (scene) => scene.random.pick(scene.company.accounts).id,
  requestId: (scene) => scene.random.guid(),
  s3RequestId: (scene) => scene.random.base32(16),
  s3Id2: (scene) => `${scene.random.opaque(75)}=`,
  s3Host: (scene) => (scene.region === "us-east-1" ? "s3.amazonaws.com" : `s3.${scene.region}.amazonaws.com`),
  guid: (scene) => scene.random.guid(),
  guid2: (scene) => scene.random.guid(),
  hex: (scene) => scene.random.hex(8),
  hex16: (scene) => scene.random.hex(16),
  hex32: (scene) => scene.random.hex(32),
  digest: (scene) => `sha256:${scene.random.hex(64)}`,
  bytes: (scene) => String(120 + scene.random.int(scene.random.chance(0.1) ? 4_000_000 : 30_000)),
  small: (scene) => String(1 + scene.random.int(50)),
  opaque: (scene) => scene.random.opaque(180),
  encoded: (scene) => scene.random.opaque(480).replaceAll("/", "_").replaceAll("+", "-"),
  token: (scene) => `IQoJb3JpZ2luX2Vj${scene.random.opaque(860)}=`,
  temporaryKey: (scene) => temporaryKey(scene.random),
  accessKey: (scene) => accessKey(scene.random),
  roleId: (scene) => `AROA${scene.random.base32(10)}EXAMPLE`,
  userId: (scene) => `AIDA${scene.random.base32(10)}EXAMPLE`,
  policyId: (scene) => `ANPA${scene.random.base32(10)}EXAMPLE`,
  expiry: (scene) => longTime(scene.time + HOUR),
  now: (scene) => longTime(scene.time),
  nowIso: (scene) => isoSeconds(scene.time),
  nowMs: (scene) => String(Math.floor(scene.time / 1000) * 1000),
  hourAgo: (scene) => longTime(scene.time - HOUR),
  minutesAgo: (scene) => longTime(scene.time - 5 * MINUTE),
  address: (scene) => `10.${20 + scene.random.int(4)}.${scene.random.int(64)}.${1 + scene.random.int(250)}`,
  instance: from("instances"),
  instance2: from("instances"),
  newInstance: fresh("i"),
  volume: from("volumes"),
  newVolume: fresh("vol"),
  snapshot: from("snapshots"),
  newSnapshot: fresh("snap"),
  image: from("images"),
  securityGroup: from("securityGroups"),
  newSecurityGroup: fresh("sg"),
  newRule: fresh("sgr"),
  subnet: from("subnets"),
  vpc: from("vpcs"),
  interface: from("interfaces"),
  newInterface: fresh("eni"),
  routeTable: from("routeTables"),
  bucket: from("buckets"),
  key: from("keys"),
  objectKey,
  table: from("tables"),
  queue: from("queues"),
  function: from("functions"),
  logGroup: from("logGroups"),
  secret: from("secrets"),
  parameter: from("parameters"),
  repository: from("repositories"),
  database: from("databases"),
  role: from("roles"),
  scalingGroup: from("scalingGroups"),
  balancer: from("balancers"),
  targetGroup: from("targetGroups"),
  stack: from("stacks"),
  distribution: from("distributions"),
  metric: (scene) => scene.random.pick(METRICS),
  // What only a story knows: fixed before the record is written.
  user: () => "",
  session: () => "",
  provider: () => "",
  subject: () => "",
  trail: () => "",
  detector: () => "",
  foreignAccount: () => "",
};

export const FILLERS: readonly Filler[] = Object.values(PLACEHOLDERS);
export const PLACEHOLDER_NUMBERS: ReadonlyMap<string, number> = new Map(Object.keys(PLACEHOLDERS).map((name, index) => [name, index]));
