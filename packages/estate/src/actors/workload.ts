import { SDK_AGENTS } from "../agents.ts";
import { operation, type Mix } from "../catalogue.ts";
import { plainCaller, roleCaller, serviceCaller, through, type Caller } from "../caller.ts";
import type { Account } from "../company.ts";
import { SECRET_DECRYPT } from "../operations/storage.ts";
import { clusterId, roleId, temporaryKey } from "../ids.ts";
import type { Random } from "../random.ts";
import { SLOT, type Rhythm } from "../rhythm.ts";
import type { Actor, Stage } from "../stage.ts";

/** How a workload runs, which decides how it gets its credentials. */
export type Runtime = "containers" | "pods" | "functions";

interface WorkloadOptions {
  readonly account: Account;
  readonly region: string;
  readonly service: string;
  readonly runtime: Runtime;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly usual: Mix;
}

const ASSUME_ROLE = operation("sts:AssumeRole");
const WITH_TOKEN = operation("sts:AssumeRoleWithWebIdentity");
const PRINCIPALS = { containers: "ecs-tasks.amazonaws.com", pods: "", functions: "lambda.amazonaws.com" } as const;

interface Instance {
  caller: Caller;
  readonly address: string;
  readonly endpoint: boolean;
}

/** A service of the company at work: a few instances of one role reading and writing what it owns. */
export class Workload implements Actor {
  readonly burst = 1;
  readonly share: number;
  readonly rhythm: Rhythm;
  readonly #options: WorkloadOptions;
  readonly #role: string;
  readonly #roleId: string;
  readonly #agent: string;
  readonly #provider: string;
  readonly #instances: Instance[] = [];

  constructor(options: WorkloadOptions, random: Random, start: number) {
    this.share = options.share;
    this.rhythm = options.rhythm;
    this.#options = options;
    this.#role = `${options.service}-task`;
    this.#roleId = roleId(options.account.id, this.#role);
    this.#agent = random.pick(SDK_AGENTS);
    this.#provider = `oidc.eks.${options.region}.amazonaws.com/id/${clusterId(options.account.id, options.region)}`;
    for (let index = 0; index < 4; index++) {
      const endpoint = random.chance(0.25);
      const address = endpoint ? `10.${20 + random.int(4)}.${random.int(64)}.${1 + random.int(250)}` : random.pick(options.account.natAddresses);
      this.#instances.push({ caller: this.#session(random, start, { address, endpoint }, this.#name(random), temporaryKey(random)), address, endpoint });
    }
  }

  act(stage: Stage, slot: number): number {
    const { random } = stage;
    const time = slot + random.int(SLOT);
    const instance = random.pick(this.#instances);
    if (random.chance(0.05)) return this.#renew(stage, instance, time);
    stage.at(this.#options.account, this.#options.region, time);
    const usual = random.pick(this.#options.usual);
    const { caller } = instance;
    // S3 asks KMS in the caller's name for every object it encrypts or decrypts.
    stage.writeUsual(usual, usual.service === "kms" && random.chance(0.4) ? through(caller, "AWS Internal") : caller, 0.03);
    if (usual.name !== "GetSecretValue") return 1;
    stage.at(this.#options.account, this.#options.region, time);
    stage.write(SECRET_DECRYPT, through(caller, "secretsmanager.amazonaws.com"));
    return 2;
  }

  /** New credentials for an instance: the STS record, then calls with the new key. */
  #renew(stage: Stage, instance: Instance, time: number): number {
    const { account, region, runtime, service } = this.#options;
    const { random } = stage;
    const session = this.#name(random);
    const key = temporaryKey(random);
    const scene = stage.at(account, region, time);
    scene.fix("role", this.#role);
    scene.fix("roleId", this.#roleId);
    scene.fix("session", session);
    scene.fix("temporaryKey", key);
    if (runtime === "pods") {
      const subject = `system:serviceaccount:${service}:${service}`;
      const provider = `arn:aws:iam::${account.id}:oidc-provider/${this.#provider}`;
      scene.fix("provider", this.#provider);
      scene.fix("subject", subject);
      const identity = `{"type":"WebIdentityUser","principalId":"${provider}:sts.amazonaws.com:${subject}","userName":"${subject}","identityProvider":"${provider}"}`;
      stage.writeUsual(WITH_TOKEN, plainCaller(identity, { address: instance.address, agent: this.#agent }), 0.01);
    } else {
      stage.write(ASSUME_ROLE, serviceCaller(PRINCIPALS[runtime]), { sharedEventId: random.guid() });
    }
    instance.caller = this.#session(random, time, instance, session, key);
    return 1;
  }

  #name(random: Random): string {
    const { runtime, service } = this.#options;
    if (runtime === "containers") return random.hex(32);
    return runtime === "pods" ? `eks-${service}-${random.hex(8)}-${random.guid()}` : `${service}-handler`;
  }

  #session(random: Random, startedAt: number, place: { address: string; endpoint: boolean }, session: string, accessKeyId: string): Caller {
    const { account, runtime } = this.#options;
    const provider = `arn:aws:iam::${account.id}:oidc-provider/${this.#provider}`;
    return roleCaller(
      {
        account: account.id,
        role: this.#role,
        rolePath: "/",
        roleId: this.#roleId,
        session,
        accessKeyId,
        startedAt: startedAt - random.int(SLOT),
        ...(runtime === "pods" ? { federation: `{"federatedProvider":"${provider}","attributes":{}}` } : {}),
      },
      { address: place.address, agent: this.#agent, ...(place.endpoint ? { endpoint: account.vpcEndpoint } : {}) },
    );
  }
}
