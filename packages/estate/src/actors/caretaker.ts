import type { Mix } from "../catalogue.ts";
import { roleCaller, serviceCaller, through, type Caller } from "../caller.ts";
import type { Account } from "../company.ts";
import { roleId, temporaryKey } from "../ids.ts";
import type { Random } from "../random.ts";
import { SLOT, type Rhythm } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";

interface CaretakerOptions {
  readonly account: Account;
  readonly region: string;
  /** `autoscaling.amazonaws.com` */
  readonly principal: string;
  /** The service-linked role it acts through; null when it acts as itself. */
  readonly role: string | null;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly usual: Mix;
}

/** A service of AWS that looks after the account: auto scaling, Config, load balancers, backups and their like. */
export class Caretaker implements Actor {
  readonly burst = 1;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly #options: CaretakerOptions;
  #caller: Caller;

  constructor(options: CaretakerOptions, random: Random, start: number) {
    this.share = options.share;
    this.rhythm = options.rhythm;
    this.#options = options;
    this.#caller = this.#session(random, start);
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    if (random.chance(0.05)) this.#caller = this.#session(random, slot);
    stage.at(this.#options.account, this.#options.region, slot + random.int(SLOT));
    stage.writeUsual(random.pick(this.#options.usual), this.#caller, 0.03);
    return 1;
  }

  #session(random: Random, startedAt: number): Caller {
    const { account, principal, role } = this.#options;
    if (role === null) return serviceCaller(principal);
    const session = {
      account: account.id,
      role,
      rolePath: `/aws-service-role/${principal}/`,
      roleId: roleId(account.id, role),
      session: role.replace("AWSServiceRoleFor", ""),
      accessKeyId: temporaryKey(random),
      startedAt,
    };
    return through(roleCaller(session, { address: principal, agent: principal }), principal);
  }
}
