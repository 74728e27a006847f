import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { processes, treeOf } from "../processTree.ts";

export interface ProgramOptions {
  /** The checkout. */
  root: string;
  /** The data folder. */
  data: string;
  port: number;
  /** A file that gets what the program writes to its standard error, of all starts. */
  log: string;
}

/** The processes of a running service, by what they are. */
export interface Processes {
  server: number[];
  postmaster: number[];
  backends: number[];
  workers: number[];
}

const UP_MS = 120_000;
const LOOK_MS = 20;

/** `./corduroy up` as a child process, with its embedded PostgreSQL, to be killed and started again. */
export class Program {
  private child: ChildProcess | null = null;
  /** Resolves when the server's own process of the last start has ended. */
  ended: Promise<void> = Promise.resolve();

  constructor(readonly options: ProgramOptions) {}

  get origin(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /**
   * Starts it, and waits until it takes requests.
   * @param environment what it is given beyond our own
   * @returns what it said; on the first start with the link for the first admin
   * @throws Error when it ends instead, with the end of its log
   */
  async start(environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const { root, data, port, log } = this.options;
    const errors = openSync(log, "a");
    const child = spawn(join(root, "corduroy"), ["up", "--data", data, "--port", String(port), "--workers", "2"], { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", errors] });
    closeSync(errors);
    this.child = child;
    this.ended = new Promise((resolve) => child.once("exit", () => resolve()));
    let said = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (said += text));
    for (const until = Date.now() + UP_MS; !said.includes("Corduroy is up"); await wait(LOOK_MS)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the service did not start (${child.signalCode ?? `exit code ${child.exitCode}`}):\n${this.lastWords()}`);
      if (Date.now() > until) throw new Error(`the service was not up after ${UP_MS / 1000} s:\n${this.lastWords()}`);
    }
    await this.ready();
    return said;
  }

  /** Waits until the service answers, and its database too. @throws Error after two minutes */
  async ready(): Promise<void> {
    for (const until = Date.now() + UP_MS; ; await wait(LOOK_MS)) {
      const answer = await fetch(`${this.origin}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (answer?.ok) return;
      if (Date.now() > until) throw new Error(`the service did not come back by itself within ${UP_MS / 1000} s:\n${this.lastWords()}`);
    }
  }

  /** Whether the server's own process lives. */
  get alive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  processes(): Processes {
    const all = processes();
    const found: Processes = { server: [], postmaster: [], backends: [], workers: [] };
    // A postmaster whose parent was killed belongs to us still.
    const roots = [...(this.child?.pid === undefined ? [] : [this.child.pid]), ...this.postmasterPid()];
    for (const pid of new Set(roots.flatMap((root) => treeOf(root, all).map((each) => each.pid)))) {
      const command = commandOf(pid);
      if (command === "") continue;
      if (pid === this.child?.pid) found.server.push(pid);
      else if (command.includes(join(this.options.data, "postgres"))) found.postmaster.push(pid);
      else if (command.startsWith("postgres: corduroy")) found.backends.push(pid);
      else if (command.includes("worker.mjs")) found.workers.push(pid);
    }
    return found;
  }

  /** Every process of the service by its part in it: what is neither PostgreSQL's nor the server's own counts among the workers. */
  tree(): { server: number[]; postgres: number[]; workers: number[] } {
    const tree = this.child?.pid === undefined ? [] : treeOf(this.child.pid, processes());
    const [server = [], others = []] = [tree.slice(0, 1), tree.slice(1)].map((each) => each.map(({ pid }) => pid));
    return { server, postgres: others.filter(isPostgres), workers: others.filter((pid) => !isPostgres(pid)) };
  }

  /** Ends everything that belongs to it with SIGKILL at once, and waits until it is gone. */
  async killAll(): Promise<void> {
    const { server, postmaster, backends, workers } = this.processes();
    const all = [...server, ...postmaster, ...backends, ...workers];
    for (const pid of all) kill(pid);
    await gone(all);
    // Whatever was being started at that moment.
    const late = Object.values(this.processes()).flat() as number[];
    for (const pid of late) kill(pid);
    await gone(late);
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child === null || !this.alive) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
    await this.ended;
    clearTimeout(late);
  }

  /** The end of its log, for a message. */
  lastWords(): string {
    return readFileSync(this.options.log, "utf8").slice(-3_000);
  }

  private postmasterPid(): number[] {
    const pid = Number(postmasterFile(this.options.data)[0]);
    return Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(this.options.data) ? [pid] : [];
  }
}

/** The lines of `postmaster.pid`: process, data folder, start, port, socket folder (PostgreSQL, `pidfile.h`). */
export function postmasterFile(data: string): string[] {
  try {
    return readFileSync(join(data, "postgres/data/postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/** Sends SIGKILL, to whoever still lives. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Waits until none of these processes is left. */
async function gone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (commandOf(pid) !== "") await wait(5);
}

function isPostgres(pid: number): boolean {
  return /^postgres: |bin\/postgres /.test(commandOf(pid));
}

/** The command line of a process, blank-separated; empty for one that is gone, or a zombie. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Below what systems give to outgoing connections (32768 and above on Linux): while a service is down, nobody who asks for it takes its port. */
const PORTS = [16_384, 32_768] as const;

/** A port of the loopback interface that is free at this moment, and when a service is started on it again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true)));
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
