import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { estate, writeEstate } from "@corduroy/estate";
import { writeText, type TextKind } from "./textData.ts";

/** Generated logs in a folder, and what an honest reader finds there. */
export interface DataSet {
  folder: string;
  files: number;
  /** Records in all files, and how many different ones: the estate delivers a few twice, as AWS does. */
  events: number;
  distinct: number;
  /** Before compression. */
  bytes: number;
}

type Counts = Omit<DataSet, "folder">;

/** The made-up company is the same in every run, and with it every byte. */
const SEED = 1;
const DAY = "2026-11-18";

/** Makes data sets below one folder, and keeps them for the next run. */
export class DataSets {
  constructor(
    private readonly home: string,
    /** Make everything again, whatever is there. */
    private readonly fresh: boolean,
    private readonly say: (text: string) => void,
  ) {}

  /** CloudTrail as an organisation's trail delivers it, in gz files. */
  estate(events: number, days: number): Promise<DataSet> {
    return this.kept(`${SEED}-${events}${days === 1 ? "" : `-${days}-days`}`, (folder) => writeEstate(folder, { seed: SEED, day: DAY, events, breach: true, days }));
  }

  /** Many gz files of three records each, a thousand in a folder. */
  smallFiles(files: number): Promise<DataSet> {
    return this.kept(`${SEED}-${files}-small-files`, async (folder) => writeSmallFiles(folder, files));
  }

  /** One NDJSON file of at least so many bytes. */
  ndjson(bytes: number): Promise<DataSet> {
    return this.kept(`${SEED}-ndjson-${bytes}`, async (folder) => writeNdjson(join(folder, "events.ndjson"), bytes));
  }

  /** Files of lines of one kind, at least so many bytes together. */
  text(kind: TextKind, bytes: number): Promise<DataSet> {
    return this.kept(`${SEED}-${kind.source}-${bytes}`, async (folder) => writeText(folder, kind, bytes));
  }

  private async kept(name: string, make: (folder: string) => Promise<Counts>): Promise<DataSet> {
    const home = join(this.home, name);
    const folder = join(home, "data");
    // Written last: a run that was stopped half-way leaves none, and the data is made again.
    const note = join(home, "counts.json");
    if (!this.fresh && existsSync(note)) return { ...(JSON.parse(readFileSync(note, "utf8")) as Counts), folder };
    this.say(`making ${name}`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { files, events, distinct, bytes } = await make(folder);
    const counts: Counts = { files, events, distinct, bytes };
    writeFileSync(note, JSON.stringify(counts));
    return { ...counts, folder };
  }
}

/** Records that are all different, without end. */
function* records(perDay: number): Generator<string> {
  for (let day = 0; ; day++) {
    // Another seed is another company with other ids, so the days have no record in common.
    const seen = new Set<string>();
    for (const file of estate({ seed: SEED + 1 + day, day: DAY, events: perDay, breach: false }).files()) {
      for (const record of file.records) {
        // What is delivered twice is left out here: the counts stay simple.
        if (seen.has(record)) continue;
        seen.add(record);
        yield record;
      }
    }
  }
}

const PER_SMALL_FILE = 3;

function writeSmallFiles(folder: string, files: number): Counts {
  const source = records(Math.min(files * PER_SMALL_FILE, 100_000));
  const next = (): string => source.next().value as string;
  let bytes = 0;
  for (let file = 0; file < files; file++) {
    const parent = join(folder, String(Math.floor(file / 1000)).padStart(3, "0"));
    if (file % 1000 === 0) mkdirSync(parent);
    const raw = `{"Records":[${Array.from({ length: PER_SMALL_FILE }, next).join(",")}]}`;
    bytes += Buffer.byteLength(raw);
    writeFileSync(join(parent, `${String(file).padStart(7, "0")}.json.gz`), gzipSync(raw, { level: 1 }));
  }
  return { files, events: files * PER_SMALL_FILE, distinct: files * PER_SMALL_FILE, bytes };
}

const WRITE_AT_ONCE = 4 * 1024 * 1024;

function writeNdjson(path: string, wanted: number): Counts {
  const file = openSync(path, "w");
  let bytes = 0;
  let events = 0;
  let block = "";
  for (const record of records(100_000)) {
    block += `${record}\n`;
    events++;
    const last = bytes + block.length >= wanted;
    if (block.length < WRITE_AT_ONCE && !last) continue;
    bytes += writeSync(file, block);
    block = "";
    if (last) break;
  }
  closeSync(file);
  return { files: 1, events, distinct: events, bytes };
}

/** Size in bytes of the largest document in the gz files below a folder, unpacked, as their trailers say (RFC 1952; below 4 GB). */
export function largestDocument(folder: string): number {
  const trailer = Buffer.alloc(4);
  let largest = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".gz")) continue;
    const file = openSync(join(folder, name), "r");
    readSync(file, trailer, 0, 4, fstatSync(file).size - 4);
    closeSync(file);
    largest = Math.max(largest, trailer.readUInt32LE());
  }
  return largest;
}
