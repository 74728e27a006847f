/** Fields of flow log records, in the order in which AWS documents them, up to version 10. The first fourteen are the default format. */
export const NAMES = [
  "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "action", "log-status",
  "vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr",
  "region", "az-id", "sublocation-type", "sublocation-id",
  "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path",
  "ecs-cluster-arn", "ecs-cluster-name", "ecs-container-instance-arn", "ecs-container-instance-id", "ecs-container-id", "ecs-second-container-id",
  "ecs-service-name", "ecs-task-definition-arn", "ecs-task-arn", "ecs-task-id",
  "reject-reason", "resource-id", "encryption-status",
] as const;

/** Names that other logs and plain English have, too. */
const COMMON: readonly string[] = ["version", "action", "start", "end", "type", "region", "bytes", "packets", "protocol"];
const known = new Set<string>(NAMES);

/** How a name may stand in copies: `account-id`, in Parquet `account_id`, in other tools `accountId`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, "");
const byPlainName = new Map(NAMES.map((name) => [plain(name), name]));

/** AWS's name for a field, however it is written; undefined for a name that flow logs do not have. */
export function nameOf(written: string): string | undefined {
  return byPlainName.get(plain(written));
}

/** Whether a line names fields: words that are all names, and at least three that AWS documents, one of which says that it is about flows. */
export function isHeader(line: string): boolean {
  if (!/^[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)+ ?$/.test(line)) return false;
  const names = line.split(" ").filter((name) => known.has(name));
  return names.length >= 3 && names.some((name) => !COMMON.includes(name));
}
