import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Conflict, Unavailable } from "@corduroy/core/kernel";
import { syncFolder, takeLock, type Lock } from "@corduroy/core/lake";

/** A data folder that this process alone uses. */
export interface DataFolder {
  path: string;
  /** For files that nobody else may read. */
  secrets: string;
  /** A folder of the demo holds no real events, and takes none. */
  demo: boolean;
  lock: Lock;
}

const MARKER = "corduroy.json";
const FORMAT = "corduroy-data";
/** Grows when an older program could not read the folder any more. */
const VERSION = 1;

/** Where data are kept unless somebody says otherwise: the XDG folder, or the system's own for root. */
export function defaultDataFolder(env: NodeJS.ProcessEnv, demo: boolean): string {
  const name = demo ? "corduroy-demo" : "corduroy";
  if (env["XDG_DATA_HOME"]) return join(env["XDG_DATA_HOME"], name);
  return process.getuid?.() === 0 ? join("/var/lib", name) : join(homedir(), ".local/share", name);
}

/**
 * Opens a data folder, and makes it when it is missing or empty.
 * @throws Conflict while another server has it, for a folder with other files, and for a demo folder where real data are meant, or the other way round; Unavailable for a folder of a newer version
 */
export async function openDataFolder(folder: string, { demo }: { demo: boolean }): Promise<DataFolder> {
  const path = resolve(folder);
  await makeFolder(path);
  checkMarker(path, demo);
  return { path, demo, ...(await prepared(path)) };
}

/** A data folder that is being made. */
export interface NewDataFolder extends Pick<DataFolder, "path" | "secrets" | "lock"> {
  /** Makes it one that can be started; until then it is refused. */
  finish(): Promise<void>;
}

/**
 * Begins a data folder, which must be missing or empty.
 * @throws Conflict for a folder with files in it
 */
export async function newDataFolder(path: string): Promise<NewDataFolder> {
  await makeFolder(path);
  if (readdirSync(path).length > 0) throw new Conflict(`${path} is not empty.`, { hint: "Restore into a new or empty folder; remove one that a restore was cut short in." });
  const { secrets, lock } = await prepared(path);
  return { path, secrets, lock, finish: async () => writeMarker(path, false) };
}

interface Marker {
  format?: unknown;
  version?: unknown;
  demo?: unknown;
}

/** What the marker of a folder says; null where there is none, and nothing where it is damaged. */
export function markerOf(path: string): Marker | null {
  const marker = join(path, MARKER);
  if (!existsSync(marker)) return null;
  try {
    return JSON.parse(readFileSync(marker, "utf8")) as Marker;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function writeMarker(path: string, demo: boolean): void {
  writeFileSync(join(path, MARKER), `${JSON.stringify({ format: FORMAT, version: VERSION, demo })}\n`, { mode: 0o644, flush: true });
}

/** Makes a folder that is missing, and those around it, durably. */
async function makeFolder(path: string): Promise<void> {
  const first = mkdirSync(path, { recursive: true, mode: passable() });
  if (first !== undefined) for (let each = path; each !== dirname(first); each = dirname(each)) await syncFolder(dirname(each));
}

/** PostgreSQL of a root user, and that user's queries, run as somebody else, who must be able to pass through. */
function passable(): number {
  return process.getuid?.() === 0 ? 0o711 : 0o700;
}

async function prepared(path: string): Promise<Pick<DataFolder, "secrets" | "lock">> {
  chmodSync(path, passable());
  // A marker that a power cut takes away from among other files would leave a folder that nobody opens.
  await syncFolder(path);
  const lock = await takeLock(join(path, "lock"), `The data folder ${path}`);
  const secrets = join(path, "secrets");
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  await syncFolder(path);
  return { secrets, lock };
}

function checkMarker(path: string, demo: boolean): void {
  const marker = join(path, MARKER);
  const found = markerOf(path);
  if (found === null) {
    if (readdirSync(path).length > 0) throw new Conflict(`${path} holds other files and is not a data folder of Corduroy.`, { hint: "Name a new or empty folder with --data." });
    return writeMarker(path, demo);
  }
  if (found.format !== FORMAT) throw new Conflict(`${marker} is no marker of Corduroy.`, { hint: "Name a new or empty folder with --data." });
  if (typeof found.version !== "number" || found.version > VERSION) throw new Unavailable(`The data folder ${path} was written by a newer version of Corduroy.`, { hint: "Start that version again, or restore a backup that this version has made." });
  if ((found.demo === true) !== demo) throw new Conflict(demo ? `${path} holds real data, and the demo would mix made-up ones in.` : `${path} belongs to the demo and takes no real data.`, { hint: demo ? "Leave --data away, or name another folder." : "Name another folder with --data, or start it with --demo." });
}
