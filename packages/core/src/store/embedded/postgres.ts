import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Unavailable } from "../../kernel/index.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { ensureCluster, ownedFolder, owner } from "./cluster.ts";
import { syncPath } from "./durable.ts";
import { endOrphan } from "./orphan.ts";

/** How to reach a running PostgreSQL through its socket. */
export interface SocketAddress {
  /** The folder of the socket. */
  host: string;
  user: string;
  password: string;
}

/** A PostgreSQL of our own, which is started again whenever it ends. */
export interface EmbeddedPostgres {
  readonly address: SocketAddress;
  /** Process id of the server, for whoever wants to watch or kill it; null while it is down. */
  pid(): number | null;
  /** Ends it in order; its data is whole without that, too. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A folder of its own; must be enterable by the user `nobody` when we are root. */
  folder: string;
  /** Where the password is kept; made with mode 0600 when missing. */
  passwordFile: string;
  /** Whether to wait for the disk. Only tests that do not ask about crashes say false. */
  sync: boolean;
  /** Told when it ended unexpectedly and is being started again, and when that does not help. */
  onEvent?: (text: string) => void;
}

/** A socket's path may have at most about 100 bytes. */
const SOCKET_PATH_BYTES = 80;
const READY = /database system is ready to accept connections/;
/** A server that does not come up so many times in a row fails the start of the service; one that was up is told of, and tried again. */
const TRIES = 20;

/**
 * Starts the embedded PostgreSQL; makes its data on the first start, and ends an orphan that a killed parent left.
 * It listens on a Unix socket only and asks for a password.
 * @throws Unavailable if it does not come up, with its own last words
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { folder, sync } = options;
  ownedFolder(folder);
  const binaries = findBinaries(join(folder, "lib"));
  const password = keptPassword(options.passwordFile);
  const cluster = join(folder, "data");
  await ensureCluster(binaries, cluster, password, { sync });
  const host = socketFolder(folder);
  ownedFolder(host);
  await endOrphan(cluster);
  const server = new Server(binaries, cluster, host, options);
  await server.start();
  return { address: { host, user: "corduroy", password }, pid: () => server.pid(), stop: () => server.stop() };
}

/**
 * How to reach the PostgreSQL that another process runs in this folder, for whoever may read its password.
 * @throws Unavailable when there is no password
 */
export function runningPostgres({ folder, passwordFile }: Pick<EmbeddedOptions, "folder" | "passwordFile">): SocketAddress {
  try {
    return { host: socketFolder(folder), user: "corduroy", password: readFileSync(passwordFile, "utf8") };
  } catch (cause) {
    throw new Unavailable(`The database's password in ${passwordFile} cannot be read.`, { hint: "Run this as the user who runs the service.", cause });
  }
}

/** The password: made once, whole or not at all. */
function keptPassword(file: string): string {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(temporary, randomBytes(24).toString("base64url"), { mode: 0o600, flush: true });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(temporary);
  }
  syncPath(dirname(file));
  return readFileSync(file, "utf8");
}

function socketFolder(folder: string): string {
  const inside = join(folder, "socket");
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES) return inside;
  const parent = join(tmpdir(), `corduroy-${process.getuid?.() ?? 0}`);
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  return join(parent, createHash("sha256").update(folder).digest("hex").slice(0, 16));
}

class Server {
  private child: ChildProcess | null = null;
  private stopping = false;
  private exited: Promise<void> = Promise.resolve();
  private lastWords = "";

  constructor(
    private readonly binaries: Binaries,
    private readonly cluster: string,
    private readonly socket: string,
    private readonly options: EmbeddedOptions,
  ) {}

  pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Comes up, or tells why not. A crash can leave processes that still hold the data for a moment, so it is tried again. */
  async start(): Promise<void> {
    for (let left = TRIES; ; left--) {
      if (await this.spawn()) return;
      if (left === 1 || this.stopping) throw new Unavailable(`The database does not start: ${reasonIn(this.lastWords)}`, { hint: `Its data is in ${this.cluster}.` });
      await wait(100);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child?.kill("SIGINT");
    const late = setTimeout(() => this.child?.kill("SIGQUIT"), 10_000);
    await this.exited;
    clearTimeout(late);
  }

  private spawn(): Promise<boolean> {
    const { socket, cluster, options } = this;
    const settings = {
      listen_addresses: "", unix_socket_directories: socket, unix_socket_permissions: "0700", max_connections: "40", shared_buffers: "48MB", jit: "off",
      max_wal_size: "256MB", log_min_messages: "log", logging_collector: "off", log_statement: "none", log_min_error_statement: "panic", fsync: options.sync ? "on" : "off",
      max_parallel_workers_per_gather: "0", max_logical_replication_workers: "0", max_worker_processes: "2",
    };
    const args = ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const child = spawn(this.binaries.postgres, args, { ...owner(), env: this.binaries.env, stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
    this.child = child;
    return new Promise((resolve) => {
      let ready = false;
      this.exited = new Promise((gone) => {
        const ended = (): void => {
          if (this.child === child) this.child = null;
          gone();
          resolve(false);
          if (ready && !this.stopping) void this.again();
        };
        child.on("error", (error) => {
          this.lastWords = error.message;
          ended();
        });
        child.on("exit", ended);
      });
      child.stderr.on("data", (text: Buffer) => {
        this.lastWords = (this.lastWords + text.toString("utf8")).slice(-4000);
        if (ready || !READY.test(this.lastWords)) return;
        ready = true;
        this.lastWords = "";
        resolve(true);
      });
    });
  }

  private async again(): Promise<void> {
    this.options.onEvent?.("The database has ended unexpectedly and is started again.");
    // Nothing goes on without it, and a disk that was full may have room again: it is never given up.
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (this.stopping) return;
        this.options.onEvent?.(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

/** Why PostgreSQL ended: what it calls fatal, else its last line. */
function reasonIn(words: string): string {
  const lines = words.trim().split("\n");
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "it says nothing";
}
