import type { Random } from "./random.ts";

/** What an account owns: ids and names that records mention. Every list has at least one item. */
export interface Resources {
  readonly instances: readonly string[];
  readonly volumes: readonly string[];
  readonly snapshots: readonly string[];
  readonly images: readonly string[];
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly vpcs: readonly string[];
  readonly interfaces: readonly string[];
  readonly routeTables: readonly string[];
  readonly buckets: readonly string[];
  readonly keys: readonly string[];
  readonly tables: readonly string[];
  readonly queues: readonly string[];
  readonly functions: readonly string[];
  readonly logGroups: readonly string[];
  readonly secrets: readonly string[];
  readonly parameters: readonly string[];
  readonly repositories: readonly string[];
  readonly databases: readonly string[];
  readonly roles: readonly string[];
  readonly scalingGroups: readonly string[];
  readonly balancers: readonly string[];
  readonly targetGroups: readonly string[];
  readonly stacks: readonly string[];
  readonly distributions: readonly string[];
}

function many(count: number, make: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Makes what one account owns. Only the production account holds `larkfield-customer-exports`. */
export function makeResources(random: Random, account: string, services: readonly string[]): Resources {
  const hexIds = (count: number, prefix: string): string[] => many(count, () => `${prefix}-0${random.hex(16)}`);
  const perService = (make: (service: string) => string): string[] => services.map(make);
  const exports = account === "production" ? ["larkfield-customer-exports"] : [];
  return {
    instances: hexIds(40, "i"),
    volumes: hexIds(60, "vol"),
    snapshots: hexIds(30, "snap"),
    images: hexIds(6, "ami"),
    securityGroups: hexIds(24, "sg"),
    subnets: hexIds(9, "subnet"),
    vpcs: hexIds(2, "vpc"),
    interfaces: hexIds(80, "eni"),
    routeTables: hexIds(8, "rtb"),
    buckets: [
      ...perService((service) => `larkfield-${account}-${service}`),
      ...["artifacts", "assets", "terraform-state", "access-logs", "backups"].map((use) => `larkfield-${account}-${use}`),
      ...exports,
    ],
    keys: many(8, () => random.guid()),
    tables: perService((service) => `${service}-${account}`),
    queues: perService((service) => `${service}-events`).concat(perService((service) => `${service}-dead-letters`)),
    functions: perService((service) => `${service}-handler`).concat("image-resizer", "log-forwarder", "slack-notifier"),
    logGroups: perService((service) => `/ecs/${service}`).concat(perService((service) => `/aws/lambda/${service}-handler`)),
    secrets: perService((service) => `${account}/${service}/database-${random.alphanumeric(6)}`).concat(`${account}/payment-provider-${random.alphanumeric(6)}`),
    parameters: perService((service) => `/${account}/${service}/config`).concat(perService((service) => `/${account}/${service}/feature-flags`)),
    repositories: perService((service) => `larkfield/${service}`),
    databases: perService((service) => `${service}-${account}`).slice(0, 6),
    roles: perService((service) => `${service}-task`).concat("ci-deploy", "ci-terraform", "read-only-audit", "eks-node"),
    scalingGroups: many(5, (index) => `eks-workers-${account}-${index}`),
    balancers: perService((service) => `app/${service}/${random.hex(16)}`),
    targetGroups: perService((service) => `${service}/${random.hex(16)}`),
    stacks: perService((service) => `${account}-${service}/${random.guid()}`),
    distributions: many(3, () => `E${random.base32(13)}`),
  };
}
