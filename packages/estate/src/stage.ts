import { operation } from "./catalogue.ts";
import type { Caller } from "./caller.ts";
import type { Account, Company } from "./company.ts";
import type { Operation } from "./operation.ts";
import { Random } from "./random.ts";
import { makeRecord, type Difference, type Fault, type MadeRecord } from "./record.ts";
import type { Rhythm } from "./rhythm.ts";
import { Scene } from "./scene.ts";
import { fill } from "./template.ts";

/** Takes a finished record. `time` is in milliseconds since 1970. */
type Emit = (account: Account, time: number, record: MadeRecord) => void;

/** Where actors act: set the scene with `at`, then `write` what happens. */
export class Stage {
  readonly company: Company;
  readonly random: Random;
  readonly scene: Scene;
  readonly #emit: Emit;

  constructor(company: Company, random: Random, emit: Emit) {
    const first = company.accounts[0];
    if (first === undefined) throw new RangeError("a company needs an account");
    this.company = company;
    this.random = random;
    this.scene = new Scene(company, random, first, 0);
    this.#emit = emit;
  }

  /** Moves to an account, region and time and forgets the last record's values. */
  at(account: Account, region: string, time: number): Scene {
    this.scene.begin(account, region, time);
    return this.scene;
  }

  /** Writes one record (operation, or its `service:Name`) and returns its eventID. */
  write(what: Operation | string, caller: Caller, difference?: Difference): string {
    const record = makeRecord(typeof what === "string" ? operation(what) : what, caller, this.scene, difference);
    this.#emit(this.scene.account, this.scene.time, record);
    return record.eventId;
  }

  /** Writes one record that fails now and then the way this operation does in daily life. */
  writeUsual(what: Operation, caller: Caller, faultRate: number): void {
    if (what.faults.length === 0 || !this.random.chance(faultRate)) {
      this.write(what, caller);
      return;
    }
    const { code, message } = this.random.pick(what.faults);
    const parts: string[] = [];
    fill(message, this.scene, parts);
    this.write(what, caller, { fault: { code, message: parts.join("") } });
  }

  /** The refusal a caller gets for an operation it has no permission for. */
  denied(what: Operation, caller: Caller): Fault {
    if (what.service === "ec2") {
      return {
        code: "Client.UnauthorizedOperation",
        message: `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: ec2:${what.name} because no identity-based policy allows the ec2:${what.name} action. Encoded authorization failure message: ${this.random.opaque(420).replaceAll("/", "_").replaceAll("+", "-")}`,
      };
    }
    return {
      code: "AccessDenied",
      message: `User: ${caller.arn} is not authorized to perform: ${what.service}:${what.name} on resource: * because no identity-based policy allows the ${what.service}:${what.name} action`,
    };
  }
}

/** Somebody or something that acts through the day. */
export interface Actor {
  /** Its part of all normal events, relative to the other actors. */
  readonly share: number;
  readonly rhythm: Rhythm;
  /** About how many records one act writes. */
  readonly burst: number;
  /** Acts once, somewhere in the slot that starts at `slot` (milliseconds since 1970); returns the number of records written. */
  act(stage: Stage, slot: number): number;
}
