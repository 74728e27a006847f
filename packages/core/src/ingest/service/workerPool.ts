import type { ChildProcess } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Unavailable } from "../../kernel/index.ts";
import type { Merged, MergeOrder } from "../../lake/index.ts";
import { forkWorker } from "../forkWorker.ts";
import type { ObjectRef } from "../inputs/index.ts";
import type { BatchResult, FromWorker, KnownVersion, ToWorker, WorkerSettings } from "../messages.ts";
import type { FrameHeader } from "../receipt/frame.ts";
import type { UncommittedEvents } from "./uncommittedEvents.ts";

/** Something to read: a segment of what was received, or an object of a store. Its id is also that of the batch it becomes, and never used twice: see `newBatchId`. */
export type Task = { kind: "segment"; id: string; path: string; bytes: number } | { kind: "object"; id: string; ref: ObjectRef };

/** What a worker made of a task; the files it names are in `staging`. */
export interface Worked {
  results: BatchResult[];
  headers: FrameHeader[];
  /** What could not be read. */
  unreadable: { location: string; reason: string }[];
}

/** A worker process ended in the middle of a task: that task is at fault, or the machine is. */
export class WorkerDied extends Unavailable {}

/** What a worker is doing. */
interface Job {
  name: string;
  /** @returns true once it is done */
  receive: (message: FromWorker, reply: (message: ToWorker) => void, giveUp: (error: Error) => void) => boolean;
  done: () => void;
  failed: (error: Error) => void;
}

interface Member {
  number: number;
  child: ChildProcess;
  errors: string;
  job: Job | null;
  idle: NodeJS.Timeout | null;
}

/** A worker that has had nothing to do for so long gives its memory back. */
const IDLE_MS = 30_000;

/** Worker processes for a service: each has one task at a time; one that dies fails its task alone, and another is started when needed. */
export class WorkerPool {
  private readonly members = new Map<number, Member>();
  private readonly waiting: (() => void)[] = [];
  private closing = false;

  constructor(
    private readonly options: { entry: string; most: number; settings: Omit<WorkerSettings, "temporary">; temporary: string; uncommitted: UncommittedEvents },
  ) {}

  /** Process ids of the workers that live. */
  pids(): number[] {
    return [...this.members.values()].flatMap(({ child }) => child.pid ?? []);
  }

  /**
   * Has a worker do a task, once one is free.
   * @param known versions of its object that are in the lake
   * @throws WorkerDied if it ends before the task does
   */
  async run(task: Task, known: KnownVersion[]): Promise<Worked> {
    const worked: Worked = { results: [], headers: [], unreadable: [] };
    const messages: ToWorker[] = task.kind === "segment" ? [{ type: "segment", path: task.path, bytes: task.bytes, batch: task.id }] : [{ type: "object", ref: task.ref, known, batch: task.id }, { type: "flush" }];
    await this.have(task.id, messages, (message, reply, giveUp) => this.receiveOfTask(task, worked, message, reply, giveUp));
    return worked;
  }

  /**
   * Has a worker make one file of several.
   * @throws WorkerDied if it cannot
   */
  async merge(order: MergeOrder): Promise<Merged> {
    let merged: Merged | null = null;
    await this.have(order.temporary, [{ type: "merge", order }], (message) => {
      if (message.type === "merged") ({ merged } = message);
      return merged !== null;
    });
    return merged!;
  }

  private async have(name: string, messages: readonly ToWorker[], receive: Job["receive"]): Promise<void> {
    let job!: Job;
    const ended = new Promise<void>((done, failed) => (job = { name, receive, done, failed }));
    const member = await this.free(job);
    for (const message of messages) this.send(member, message);
    return ended;
  }

  /** Ends all workers at once; what they were doing fails, and so does what waits for one. */
  async close(): Promise<void> {
    this.closing = true;
    for (const wake of this.waiting.splice(0)) wake();
    await Promise.all(
      [...this.members.values()].map(
        ({ child }) =>
          new Promise<void>((gone) => {
            child.once("exit", () => gone());
            child.kill("SIGKILL");
          }),
      ),
    );
  }

  /** Gives the job to a worker that has none, at once: whoever asks next must not find it free. */
  private async free(job: Job): Promise<Member> {
    for (;;) {
      if (this.closing) throw new Unavailable("The service is stopping.");
      const idle = [...this.members.values()].find(({ job }) => job === null) ?? (this.members.size < this.options.most ? this.start() : null);
      if (idle) {
        idle.job = job;
        if (idle.idle) clearTimeout(idle.idle);
        return idle;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private start(): Member {
    const { entry, most, settings, temporary } = this.options;
    const number = Array.from({ length: most }, (_, index) => index).find((index) => !this.members.has(index))!;
    const own = join(temporary, `worker-${number}`);
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const child = forkWorker(entry, "ignore");
    const member: Member = { number, child, errors: "", job: null, idle: null };
    this.members.set(number, member);
    child.stderr!.on("data", (text: Buffer) => (member.errors = (member.errors + text.toString("utf8")).slice(-4_000)));
    child.on("message", (message: FromWorker) => this.receive(member, message));
    child.on("error", (error) => (member.errors += error.message));
    child.on("close", (code, signal) => this.ended(member, signal ?? `exit code ${code}`));
    this.send(member, { type: "start", settings: { ...settings, temporary: own } });
    return member;
  }

  private send({ child }: Member, message: ToWorker): void {
    // A worker that has just died is told of by its end.
    child.send(message, () => undefined);
  }

  private receiveOfTask(task: Task, worked: Worked, message: FromWorker, reply: (message: ToWorker) => void, giveUp: (error: Error) => void): boolean {
    const { uncommitted } = this.options;
    switch (message.type) {
      case "check":
        void uncommitted.check(task.id, message.batch).then((suspects) => reply({ type: "checked", id: message.batch.id, suspects }), giveUp);
        return false;
      case "batch":
        worked.results.push(message.result);
        uncommitted.written(task.id, message.result);
        return false;
      case "unreadable":
        worked.unreadable.push({ location: message.location, reason: message.reason });
        return false;
      case "segment":
        worked.headers = message.headers;
        return true;
      case "flushed":
        return true;
      case "ready":
      case "read":
      case "hashes":
      case "merged":
      case "letters":
    }
    return false;
  }

  private receive(member: Member, message: FromWorker): void {
    const { job } = member;
    if (job === null || !job.receive(message, (reply) => this.send(member, reply), (error) => this.giveUp(member, job, error))) return;
    member.job = null;
    member.idle = setTimeout(() => member.child.kill("SIGKILL"), IDLE_MS).unref();
    job.done();
    this.waiting.shift()?.();
  }

  /** Ends a job that cannot be done, and the worker with it, which waits for an answer. */
  private giveUp(member: Member, job: Job, error: Error): void {
    job.failed(error);
    if (member.job === job) member.child.kill("SIGKILL");
  }

  private ended(member: Member, how: string): void {
    this.members.delete(member.number);
    if (member.idle) clearTimeout(member.idle);
    member.job?.failed(new WorkerDied(`A worker process ended (${how}) while it worked on ${member.job.name}.`, { hint: member.errors.trim().split("\n")[0] }));
    this.waiting.shift()?.();
  }
}
