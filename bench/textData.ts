import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Random } from "./service/random.ts";

/** A kind of text log, one line an event. */
export interface TextKind {
  /** The source that its lines are told to be of. */
  source: string;
  file: string;
  line(random: Random, time: Date): string;
}

const two = (value: number): string => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const clock = (time: Date): string => `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
const below = (random: Random, limit: number): number => random.between(0, limit - 1);
const address = (random: Random): string => `198.51.${below(random, 200)}.${below(random, 250)}`;
const AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "curl/8.7.1", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"];
const PROGRAMS = ["systemd[1]: Started session scope for a user.", "kernel: eth0: link becomes ready", "dhclient[812]: DHCPACK of 192.0.2.10 from 192.0.2.1", "rsyslogd: action resumed (module 'builtin:omfwd')", "chronyd[604]: Selected source 192.0.2.123"];

export const TEXT_KINDS: readonly TextKind[] = [
  {
    source: "aws.vpcflow",
    file: "flow.log",
    line: (random, time) => {
      const start = Math.floor(time.getTime() / 1000);
      return `2 111122223333 eni-0${below(random, 1e6).toString(16).padStart(16, "0")} 10.0.${below(random, 250)}.${below(random, 250)} ${address(random)} ${random.pick([443, 22, 5432, 8080])} ${1024 + below(random, 60_000)} 6 ${1 + below(random, 200)} ${40 + below(random, 90_000)} ${start} ${start + 60} ${random.pick(["ACCEPT", "ACCEPT", "ACCEPT", "REJECT"])} OK`;
    },
  },
  {
    source: "web.access",
    file: "access.log",
    line: (random, time) =>
      `${address(random)} - - [${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}:${clock(time)} +0000] "${random.pick(["GET", "GET", "GET", "POST"])} /api/v${1 + below(random, 3)}/orders/${below(random, 5000)}?page=${below(random, 40)} HTTP/1.1" ${random.pick([200, 200, 200, 304, 404, 500])} ${below(random, 50_000)} "https://www.example.com/orders" "${random.pick(AGENTS)}"`,
  },
  {
    source: "syslog",
    file: "messages.log",
    line: (random, time) => `<${random.pick([30, 6, 86, 46])}>1 ${time.toISOString()} web-${two(below(random, 40))}.corp.example ${random.pick(PROGRAMS).replace(/^(\w+)(?:\[(\d+)\])?: /, (_, program: string, pid: string | undefined) => `${program} ${pid ?? "-"} - - `)}`,
  },
];

const FILES = 8;
const BEGIN = Date.UTC(2026, 10, 18);
const WRITE_AT_ONCE = 4 * 1024 * 1024;

/** Writes lines of one kind into files of the same size, until they have so many bytes together. @returns what an honest reader finds there */
export function writeText(folder: string, kind: TextKind, wanted: number): { files: number; events: number; distinct: number; bytes: number } {
  const random = new Random(1);
  let [events, bytes] = [0, 0];
  for (let file = 0; file < FILES; file++) {
    const handle = openSync(join(folder, `${file}-${kind.file}`), "w");
    for (let block = ""; bytes < (wanted / FILES) * (file + 1); block = "") {
      while (block.length < Math.min(WRITE_AT_ONCE, wanted / FILES)) block += `${kind.line(random, new Date(BEGIN + ((events++ * 10) % 86_000_000)))}\n`;
      bytes += writeSync(handle, block);
    }
    closeSync(handle);
  }
  return { files: FILES, events, distinct: events, bytes };
}
