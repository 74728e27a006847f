import { countText, megabytes, type Bar, type Row, type Section } from "../table.ts";
import type { Counted } from "./count.ts";
import { percentile } from "./percentile.ts";
import type { Seen } from "./reader.ts";
import type { Sent } from "./sender.ts";
import type { Memory, Moment, Watch } from "./watch.ts";

/** Everything that a run has measured. */
export interface Measured {
  sent: Sent;
  seen: Seen;
  counted: Counted;
  cpu: Watch["cpuSeconds"];
  /** From the last answer until all was in the lake. */
  backlogSeconds: number;
  peak: Moment;
  idle: Moment;
  options: { size: number };
}

const RATE = 20_000;
const FINDING_MS = 5_000;
const PAGE_MS = 300;
const PEAK_BYTES = 1.5e9;
const IDLE_BYTES = 400e6;

/** The page's tables. */
export function sectionsOf({ sent, seen, counted, cpu, backlogSeconds, peak, idle, options }: Measured): Section[] {
  const acknowledged = sent.events - sent.lost.length * options.size;
  const lost = acknowledged - counted.acknowledged;
  const rate = acknowledged / sent.seconds;
  const all = Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
  return [
    {
      title: "Receipt",
      about: "CloudTrail of a made-up company over HTTP, with fresh ids, one request in eight packed; the built-in rules and two workers.",
      rows: [
        { what: "acknowledged", figure: `${countText(rate)} events/s, ${countText(sent.bytes / 1e6 / sent.seconds)} MB/s`, bar: { text: ">= 20,000", met: rate >= RATE } },
        { what: "answer to a request", figure: spread(sent.latencies) },
        { what: "requests sent again", figure: countText(sent.repeated) },
        { what: "until all was in the lake", figure: `${backlogSeconds.toFixed(1)} s after the last answer` },
        { what: "events acknowledged", figure: countText(acknowledged) },
        { what: "of these in the lake", figure: countText(counted.acknowledged), bar: none("all", lost) },
        { what: "there twice", figure: countText(Math.max(0, counted.rows - sent.events)), bar: none("none", counted.rows > sent.events ? 1 : 0) },
        { what: "parts", figure: countText(counted.parts) },
      ],
    },
    {
      title: "Findings",
      about: `${countText(seen.sent)} probes, each a finding of its own, followed in the stream of findings; the first page of the list five times a second.`,
      rows: [
        { what: "from receipt to finding", figure: spread(seen.probes), bar: { text: "p99 <= 5 s", met: percentile(seen.probes, 0.99) <= FINDING_MS } },
        { what: "probes without a finding", figure: countText(seen.missing), bar: none("none", seen.missing) },
        { what: "page of findings", figure: spread(seen.pages), bar: { text: "p95 <= 300 ms", met: percentile(seen.pages, 0.95) <= PAGE_MS } },
      ],
    },
    {
      title: "Memory and processor",
      about: "All processes of the service: the server, PostgreSQL, workers, query children. PSS counts a page that processes share once, RSS for each of them.",
      rows: [
        { what: "peak, all processes, PSS", figure: megabytes(peak.all.proportional), bar: { text: "<= 1.5 GB", met: peak.all.proportional <= PEAK_BYTES } },
        ...groupRows(peak),
        { what: "idle, all processes, PSS", figure: megabytes(idle.all.proportional), bar: { text: "<= 400 MB", met: idle.all.proportional <= IDLE_BYTES } },
        ...groupRows(idle),
        { what: "processor time while sending", figure: `${all.toFixed(0)} s, ${((all / acknowledged) * 1e6).toFixed(1)} us an event (server ${cpu.server.toFixed(0)}, PostgreSQL ${cpu.postgres.toFixed(0)}, workers ${cpu.workers.toFixed(0)})` },
      ],
    },
  ];
}

function groupRows({ all, groups }: Moment): Row[] {
  return [
    { what: "- server", figure: both(groups.server) },
    { what: "- PostgreSQL", figure: both(groups.postgres) },
    { what: "- workers", figure: both(groups.workers) },
    { what: "- all, RSS", figure: megabytes(all.resident) },
  ];
}

const both = ({ proportional, resident }: Memory): string => `${megabytes(proportional)}, RSS ${megabytes(resident)}`;

function spread(milliseconds: readonly number[]): string {
  const [half, most, nearlyAll] = [0.5, 0.95, 0.99].map((part) => countText(percentile(milliseconds, part)));
  return `p50 ${half} ms, p95 ${most} ms, p99 ${nearlyAll} ms`;
}

const none = (text: string, count: number): Bar => ({ text, met: count === 0 });
