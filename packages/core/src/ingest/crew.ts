import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Unavailable } from "../kernel/index.ts";
import type { ObjectRef } from "./inputs/index.ts";
import { forkWorker } from "./forkWorker.ts";
import type { FromWorker, KnownVersion, ToWorker, WorkerSettings } from "./messages.ts";

/** Objects a worker has waiting: enough that it is never idle, few enough that the crew ends together. */
const AHEAD = 8;
const AHEAD_BYTES = 16 * 1024 * 1024;

interface Member {
  child: ChildProcess;
  /** A folder of its own. */
  temporary: string;
  /** Objects under way. */
  objects: ObjectRef[];
  bytes: number;
  errors: string;
}

/** What a crew works on. */
interface Work {
  settings: Omit<WorkerSettings, "temporary">;
  receive: (message: FromWorker, reply: (message: ToWorker) => void) => void;
}

/** Worker processes that objects are handed to, one single-threaded engine each. The first starts at once: what there is to do may come a little later. */
export class Crew {
  private readonly members: Member[] = [];
  private readonly failed: Promise<never>;
  private fail!: (error: Error) => void;
  private ended = false;
  /** Null before `begin`. */
  private work: Work | null = null;
  /** Resolved whenever a worker can take another object. */
  private freed: (() => void) | null = null;

  constructor(
    private readonly entry: string,
    private readonly most: number,
    private readonly temporary: string,
  ) {
    this.failed = new Promise((_, reject) => (this.fail = reject));
    // A failure is told to whoever waits; when nobody does just then, it waits itself.
    this.failed.catch(() => undefined);
    this.fork();
  }

  /** Tells the workers what they need to know. Before that, none is handed or asked anything. */
  begin(work: Work): void {
    this.work = work;
    for (const member of this.members) this.instruct(member);
  }

  /** Ends the run with this error: everybody who waits for the crew gets it. */
  abort(error: Error): void {
    this.fail(error);
  }

  /** Hands an object to the worker with the least to do, once one has room; starts workers as they are needed. */
  async assign(ref: ObjectRef, known: KnownVersion[]): Promise<void> {
    for (;;) {
      const member = this.free(ref);
      if (member) {
        member.objects.push(ref);
        member.bytes += ref.size ?? 0;
        member.child.send({ type: "object", ref, known, batch: null } satisfies ToWorker);
        return;
      }
      await this.orFailure(new Promise<void>((resolve) => (this.freed = resolve)));
    }
  }

  private free(ref: ObjectRef): Member | null {
    // Standard input can be read by the process that inherited it alone: the first.
    if (ref.kind === "stdin") return this.members[0]!;
    const least = [...this.members].sort((a, b) => a.objects.length - b.objects.length || a.bytes - b.bytes)[0]!;
    if (least.objects.length === 0) return least;
    if (this.members.length < this.most) return this.start();
    return least.objects.length < AHEAD && least.bytes < AHEAD_BYTES ? least : null;
  }

  private start(): Member {
    const member = this.fork();
    this.instruct(member);
    return member;
  }

  private instruct({ child, temporary }: Member): void {
    child.send({ type: "start", settings: { ...this.work!.settings, temporary } } satisfies ToWorker);
  }

  private fork(): Member {
    const number = this.members.length;
    const temporary = join(this.temporary, `worker-${number}`);
    mkdirSync(temporary, { mode: 0o700 });
    const child = forkWorker(this.entry, number === 0 ? "inherit" : "ignore");
    const member: Member = { child, temporary, objects: [], bytes: 0, errors: "" };
    child.stderr!.on("data", (text: Buffer) => (member.errors = (member.errors + text.toString("utf8")).slice(-4000)));
    child.on("message", (message: FromWorker) => this.take(member, message));
    child.on("error", (error) => this.fail(error));
    child.on("exit", (code, signal) => {
      if (!this.ended) this.fail(stopped(member, code, signal));
    });
    this.members.push(member);
    return member;
  }

  private take(member: Member, message: FromWorker): void {
    if (message.type === "read") {
      const [done] = member.objects.splice(0, 1);
      member.bytes -= done?.size ?? 0;
    }
    this.work!.receive(message, (reply) => void member.child.send(reply));
    if (message.type === "read") this.freed?.();
  }

  /** Asks the first worker something and waits for the answer of that type. */
  async ask<T extends FromWorker["type"]>(question: ToWorker, answer: T): Promise<Extract<FromWorker, { type: T }>> {
    return this.askMember(this.members[0]!, question, answer);
  }

  private askMember<T extends FromWorker["type"]>(member: Member, question: ToWorker, answer: T): Promise<Extract<FromWorker, { type: T }>> {
    const answered = new Promise<Extract<FromWorker, { type: T }>>((resolve) => {
      const listen = (message: FromWorker): void => {
        if (message.type !== answer) return;
        member.child.off("message", listen);
        resolve(message as Extract<FromWorker, { type: T }>);
      };
      member.child.on("message", listen);
    });
    member.child.send(question);
    return this.orFailure(answered);
  }

  /** Waits until every worker has read all of its objects and worked off its last batch. */
  async finish(): Promise<void> {
    await Promise.all(this.members.map((member) => this.askMember(member, { type: "flush" }, "flushed")));
  }

  orFailure<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.failed]);
  }

  /** Ends all processes; waits until they are gone. */
  async close(): Promise<void> {
    this.ended = true;
    await Promise.all(
      this.members.map(
        ({ child }) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once("exit", () => resolve());
            child.kill("SIGKILL");
          }),
      ),
    );
  }
}

function stopped(member: Member, code: number | null, signal: string | null): Error {
  const what = member.objects[0] ? ` while reading ${member.objects[0].location}` : "";
  const why = signal ? `it was ended by ${signal}${signal === "SIGKILL" ? ", perhaps for want of memory" : ""}` : `exit code ${code}`;
  return new Unavailable(`A worker process stopped${what}: ${why}. Nothing half-done was kept.`, { hint: member.errors.trim().split("\n")[0] });
}
