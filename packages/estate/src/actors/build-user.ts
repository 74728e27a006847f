import { BUILD_AGENT } from "../agents.ts";
import { mix, type Mix } from "../catalogue.ts";
import { userCaller, type Caller } from "../caller.ts";
import { accountNamed, type Account, type Company } from "../company.ts";
import { accessKey, userId } from "../ids.ts";
import type { Random } from "../random.ts";
import { SLOT } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";

/** An IAM user with a long-term access key, from the days before the build system had an identity of its own. */
export interface BuildUser {
  readonly name: string;
  readonly userId: string;
  readonly accessKeyId: string;
  readonly account: Account;
  /** Where its requests normally come from. */
  readonly address: string;
}

/** The build user of a seed. Its key is the one that leaks in a breach. */
export function makeBuildUser(company: Company, random: Random): BuildUser {
  const account = accountNamed(company, "production");
  return {
    name: "ci-legacy-build",
    userId: userId(account.id, "ci-legacy-build"),
    accessKeyId: accessKey(random),
    account,
    address: "198.51.100.90",
  };
}

const USUAL: Mix = mix({ "s3:PutObject": 12, "s3:GetObject": 6, "s3:HeadObject": 4, "ecr:GetAuthorizationToken": 2, "ecr:BatchCheckLayerAvailability": 6, "ecr:PutImage": 1, "ecs:DescribeServices": 4, "ecs:UpdateService": 1, "ssm:GetParameter": 2 });

/** The old build server, still pushing images for a few services. */
export class BuildServer implements Actor {
  readonly rhythm = "europe";
  readonly burst = 13;
  readonly share: number;
  readonly #user: BuildUser;
  readonly #caller: Caller;

  constructor(user: BuildUser, share: number) {
    this.share = share;
    this.#user = user;
    this.#caller = userCaller({ account: user.account.id, name: user.name, userId: user.userId, accessKeyId: user.accessKeyId }, { address: user.address, agent: BUILD_AGENT });
  }

  act(stage: Stage, slot: number): number {
    const calls = 6 + stage.random.int(14);
    for (let index = 0; index < calls; index++) {
      stage.at(this.#user.account, this.#user.account.regions[0] ?? "", slot + stage.random.int(SLOT));
      stage.writeUsual(stage.random.pick(USUAL), this.#caller, 0.02);
    }
    return calls;
  }
}
