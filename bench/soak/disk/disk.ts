import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A file or folder, by a name that is given once: inode and time of birth. */
export type Id = string;

/** What a disk is sure to hold. */
export interface Durable {
  /** Bytes of each file. */
  sizes: Map<Id, number>;
  /** Names in each folder. */
  names: Map<Id, Map<string, Id>>;
}

type Entry = { site: string } | { file: Id; size: number } | { folder: Id; names: [string, Id][] };

const LAYER = pathToFileURL(fileURLToPath(new URL("layer.mjs", import.meta.url))).href;

/** The disk under a data folder: knows what of it is durable, as the layer (layer.mjs) in the service's processes writes it down. */
export class Disk {
  private readonly journal: string;
  /** Second names of all files that were ever durable, so that those that were removed can come back. */
  readonly grave: string;

  /** @param beside a folder for its own files, on the same file system and outside the data */
  constructor(
    readonly root: string,
    beside: string,
  ) {
    this.journal = join(beside, "journal");
    this.grave = join(beside, "grave");
    mkdirSync(this.grave, { recursive: true });
    writeFileSync(this.journal, "", { flag: "a" });
  }

  /**
   * What the service's environment needs so that its syncs are noted.
   * @param skip a call site whose sync does nothing
   * @param hang a call site whose sync never ends
   * @param die a call site before whose sync the process is killed
   */
  environment({ skip = "", hang = "", die = "" }: { skip?: string; hang?: string; die?: string } = {}): NodeJS.ProcessEnv {
    return { NODE_OPTIONS: `--enable-source-maps --import ${LAYER}`, DISK_ROOT: this.root, DISK_JOURNAL: this.journal, DISK_GRAVE: this.grave, DISK_SKIP: skip, DISK_HANG: hang, DISK_DIE: die };
  }

  /** Call sites that were met since the last `settle`. */
  sites(): string[] {
    return [...new Set(this.entries().flatMap((entry) => ("site" in entry ? [entry.site] : [])))].sort();
  }

  /** What is durable at this moment. */
  durable(): Durable {
    const durable: Durable = { sizes: new Map(), names: new Map() };
    for (const entry of this.entries()) {
      if ("file" in entry) durable.sizes.set(entry.file, entry.size);
      else if ("folder" in entry) durable.names.set(entry.folder, new Map(entry.names));
    }
    return durable;
  }

  /** Takes everything as durable that is there now: after a power cut, what is left is on the disk. */
  settle(): void {
    rmSync(this.grave, { recursive: true });
    mkdirSync(this.grave);
    const entries: Entry[] = [];
    const visit = (folder: string): void => {
      const names = namesIn(folder);
      entries.push({ folder: idOf(folder), names: [...names] });
      for (const [name, id] of names) {
        const path = join(folder, name);
        if (isForeign(this.root, path)) continue;
        const stat = lstatSync(path);
        if (stat.isDirectory()) visit(path);
        if (!stat.isFile()) continue;
        entries.push({ file: id, size: stat.size });
        if (!existsSync(join(this.grave, id))) linkSync(path, join(this.grave, id));
      }
    };
    visit(this.root);
    writeFileSync(this.journal, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  }

  private entries(): Entry[] {
    return readFileSync(this.journal, "utf8").split("\n").flatMap((line, index, lines) => {
      // The last line may be cut: its process was killed in the middle of it.
      if (line === "" || (index === lines.length - 1 && !line.endsWith("}"))) return [];
      return [JSON.parse(line) as Entry];
    });
  }
}

/** What PostgreSQL keeps in order by itself: its socket, and everything in its cluster but the mark that we put there. */
export function isForeign(root: string, path: string): boolean {
  const own = join(root, "postgres");
  if (path === join(own, "data/complete")) return false;
  return path.startsWith(`${join(own, "data")}/`) || path.startsWith(`${join(own, "socket")}/`);
}

export function idOf(path: string): Id {
  const { ino, birthtimeNs } = lstatSync(path, { bigint: true });
  return `${ino}-${birthtimeNs}`;
}

export function namesIn(folder: string): Map<string, Id> {
  return new Map(readdirSync(folder).sort().map((name) => [name, idOf(join(folder, name))]));
}
