import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Ingest } from "@corduroy/core/ingest";
import { isCode } from "@corduroy/core/lake";
import { countText } from "@corduroy/core/reports";
import { estate } from "@corduroy/estate";
import * as z from "zod";
import { replacePrivateFile } from "./durable.ts";

/** What the demo was made of, so that a start that was cut short is finished with the very same events. */
const Marker = z.object({
  /** The day of the break-in, `YYYY-MM-DD`, UTC. */
  day: z.string(),
  /** Nothing happened later than this; in milliseconds since the epoch. */
  until: z.number(),
  done: z.boolean(),
});

const SEED = 7;
const DAYS = 2;
const DAY_MS = 86_400_000;
/** As many as show a company at work, and are in the lake before anybody is tired of waiting. */
const EVENTS = 18_000;
/** Files handed in at once: they share the wait for the disk. */
const TOGETHER = 64;
const LOOK_MS = 50;

/**
 * Fills a new demo with the made-up company's last two days, up to now, with a break-in yesterday: through the receipt, as real events come. Does nothing when that was done before.
 * @param data the service's data folder
 */
export async function fillDemo(ingest: Ingest, data: string, now: Date = new Date()): Promise<void> {
  const path = join(data, "demo.json");
  const marker = (await read(path)) ?? { day: new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10), until: now.getTime(), done: false };
  if (marker.done) return;
  await replacePrivateFile(path, JSON.stringify(marker));
  process.stderr.write("Making the last days of a made-up company, with a break-in yesterday …\n");
  const events = await handIn(ingest, marker);
  await ingest.receiver.spool.seal();
  while (ingest.backlog() > 0) await pause(LOOK_MS);
  await replacePrivateFile(path, JSON.stringify({ ...marker, done: true }));
  process.stderr.write(`${countText(events)} events are in the lake.\n`);
}

/** Gives the receiver every file of the days, without what has not happened yet. @returns how many events that is */
async function handIn({ receiver }: Ingest, { day, until }: z.infer<typeof Marker>): Promise<number> {
  let events = 0;
  let together: Promise<unknown>[] = [];
  for (const { path, records } of estate({ seed: SEED, day, days: DAYS, events: EVENTS, breach: true }).files()) {
    const happened = records.filter((record) => timeOf(record) <= until);
    if (happened.length === 0) continue;
    events += happened.length;
    const body = Buffer.from(`{"Records":[${happened.join(",")}]}`);
    together.push(receiver.receive({ source: "aws.cloudtrail", sender: "demo", key: null, origin: { object: path, version: "demo", from: 1 }, stillIn: async () => true, body: Readable.from([body]) }));
    if (together.length < TOGETHER) continue;
    await Promise.all(together);
    together = [];
  }
  await Promise.all(together);
  return events;
}

function timeOf(record: string): number {
  return Date.parse((JSON.parse(record) as { eventTime: string }).eventTime);
}

async function read(path: string): Promise<z.infer<typeof Marker> | null> {
  try {
    return Marker.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}
