import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setUp, signIn, type Account } from "../service/account.ts";
import { checkLake, quiet } from "../service/lakeCheck.ts";
import { Ledger } from "../service/ledger.ts";
import type { Program } from "../service/program.ts";
import { Random } from "../service/random.ts";
import { Bodies, type Body, type Identity } from "./bodies.ts";
import { Disk } from "./disk/disk.ts";
import { cutPower, type Luck } from "./disk/powerCut.ts";
import { newPlace, type Place } from "./place.ts";
import type { Script } from "./scripts.ts";

/** A data folder with an admin and a token, to be copied. */
export interface Template {
  folder: string;
  account: Account;
  remove(): void;
}

/** Makes a service with an admin, and stops it in order. */
export async function makeTemplate(root: string): Promise<Template> {
  const place = await newPlace(root);
  const account = await setUp(place.program.origin, await place.program.start());
  await place.program.stop();
  return { folder: place.program.options.data, account, remove: () => place.remove() };
}

/** The longest that a sane service needs until all is in the lake. */
const QUIET_MS = 20_000;

/** Where a script is played: a service with a disk that may lose power. */
export class Stage {
  readonly program: Program;
  readonly data: string;
  private readonly disk: Disk;
  private readonly ledger = new Ledger();
  private readonly random: Random;
  private readonly bodies: Bodies;
  account: Account | null = null;
  /** Call sites that were met before the power cut. */
  met: string[] = [];

  constructor(
    place: Place,
    seed: number,
    /** A call site whose sync does nothing. */
    private readonly skip: string,
  ) {
    this.program = place.program;
    this.data = place.program.options.data;
    this.disk = new Disk(this.data, place.folder);
    this.random = new Random(seed);
    this.bodies = new Bodies(this.ledger, this.random, String(seed));
  }

  /** Takes what lies in the data folder as durable. */
  settle(): void {
    this.disk.settle();
  }

  start(change: { hang?: string; die?: string } = {}): Promise<string> {
    return this.program.start(this.disk.environment({ skip: this.skip, ...change }));
  }

  body(identity: Identity): Body {
    for (;;) {
      const body = this.bodies.next();
      if (body.identity === identity) return body;
    }
  }

  async send(identity: Identity): Promise<void> {
    await this.sendBody(this.body(identity));
  }

  /** Sends a body once; it is acknowledged when this resolves. */
  async sendBody({ path, headers, bytes, numbers }: Body): Promise<void> {
    const answer = await fetch(`${this.program.origin}${path}`, { method: "POST", headers: { ...headers, Authorization: `Bearer ${this.account?.events}` }, body: new Uint8Array(bytes), signal: AbortSignal.timeout(QUIET_MS) });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
    this.ledger.acknowledge(numbers);
  }

  async cut(luck: Luck): Promise<void> {
    await this.program.killAll();
    this.met = this.disk.sites();
    cutPower(this.disk, luck, this.random);
  }

  /** Starts again, and looks at everything. @returns a sentence for each fault */
  async look(): Promise<string[]> {
    const said = await this.start();
    if (this.account === null) this.account = await setUp(this.program.origin, said);
    else await signIn(this.program.origin, this.account);
    await quiet(this.data, QUIET_MS);
    const { faults } = await checkLake(this.data, this.ledger);
    // It must go on taking in, too.
    await this.send("vendor");
    return faults;
  }
}

/** How a script ended. */
export interface Played {
  /** Call sites that were met before the power cut. */
  sites: string[];
  /** A sentence for each thing that is wrong; none when all is well. */
  faults: string[];
}

/** Plays a script to its end, and looks. @param skip a call site whose sync does nothing; the empty string for none */
export async function play(root: string, template: Template, script: Script, seed: number, skip: string): Promise<Played> {
  const place = await newPlace(root);
  const stage = new Stage(place, seed, skip);
  let faults: string[];
  try {
    if (!script.fromNothing) {
      // With owners: PostgreSQL's files may be somebody else's than ours.
      execFileSync("cp", ["-a", `${template.folder}/.`, stage.data]);
      stage.account = template.account;
    }
    stage.settle();
    await script.play(stage);
    faults = await stage.look();
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)];
  } finally {
    await place.program.killAll();
  }
  if (skip !== "" || faults.length === 0) place.remove();
  else faults.push(`the data are in ${join(place.folder, "data")}`);
  return { sites: stage.met, faults };
}
