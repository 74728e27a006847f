import { SSM_AGENT } from "../agents.ts";
import { mix, type Mix } from "../catalogue.ts";
import { roleCaller } from "../caller.ts";
import type { Account } from "../company.ts";
import { roleId } from "../ids.ts";
import { SLOT } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";
import { HOUR } from "../times.ts";

const USUAL: Mix = mix({
  "ssm:UpdateInstanceInformation": 10,
  "ssm:ListInstanceAssociations": 3,
  "ssm:UpdateInstanceAssociationStatus": 2,
  "ssm:PutInventory": 1,
  "ecr:GetAuthorizationToken": 3,
  "ecr:BatchGetImage": 6,
  "ecr:GetDownloadUrlForLayer": 8,
  "ec2:DescribeInstances": 3,
  "ec2:DescribeInstanceTypes": 1,
  "ec2:DescribeTags": 2,
  "ecs:DiscoverPollEndpoint": 3,
  "ecs:SubmitTaskStateChange": 2,
  "ecs:SubmitContainerStateChange": 2,
  "eks:DescribeCluster": 1,
});

/** The agents on the servers: Systems Manager, kubelet and the container agent, with the instance's own role. */
export class Nodes implements Actor {
  readonly rhythm = "machines";
  readonly burst = 1;
  readonly share: number;
  readonly #account: Account;
  readonly #region: string;
  readonly #roleId: string;

  constructor(account: Account, region: string, share: number) {
    this.#account = account;
    this.#region = region;
    this.share = share;
    this.#roleId = roleId(account.id, "eks-node");
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    const time = slot + random.int(SLOT);
    const instance = random.pick(this.#account.resources.instances);
    const caller = roleCaller(
      {
        account: this.#account.id,
        role: "eks-node",
        rolePath: "/",
        roleId: this.#roleId,
        session: instance,
        // An instance keeps its credentials for six hours, so the key must follow from instance and time alone.
        accessKeyId: `ASIA${credential(instance, Math.floor(time / (6 * HOUR)))}EXAMPLE`,
        startedAt: Math.floor(time / (6 * HOUR)) * 6 * HOUR,
        fromInstance: true,
      },
      { address: this.#account.natAddresses[0] ?? "", agent: SSM_AGENT },
    );
    const scene = stage.at(this.#account, this.#region, time);
    scene.fix("instance", instance);
    stage.writeUsual(random.pick(USUAL), caller, 0.01);
    return 1;
  }
}

function credential(instance: string, period: number): string {
  const mixed = Math.imul(Number.parseInt(instance.slice(-8), 16) ^ period, 0x9e3779b1) >>> 0;
  return instance.slice(4, 6).toUpperCase().replaceAll(/[0189]/g, "Q") + mixed.toString(32).toUpperCase().replaceAll(/[0189]/g, "X").padStart(7, "A");
}
