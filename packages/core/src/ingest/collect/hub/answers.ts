import type { Message } from "rhea";
import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import type { Arrived } from "./inbox.ts";

/** What a hub tells of itself. */
export interface HubFacts {
  /** Which of those that had this name, ISO 8601: a hub that is made anew counts from nought again. */
  created: string;
  partitions: string[];
}

/** What a hub tells of one partition. */
export interface PartitionFacts {
  /** The number of the oldest event that is kept, and of the newest there ever was; below nought where there was none. */
  begin: number;
  last: number;
  /** When the hub took the newest. */
  lastAt: Date;
  isEmpty: boolean;
}

/** Each takes a link, of which a hub allows 255 in one session. */
const MOST_PARTITIONS = 200;

const whole = z.number().int().refine(Number.isSafeInteger);
const time = z.union([z.date(), z.number()]).transform((value) => new Date(value)).refine((date) => !Number.isNaN(date.getTime()));
const hub = z.object({ created_at: time, partition_ids: z.array(z.string().regex(/^[\w-]{1,20}$/)).min(1) });
const partition = z.object({ begin_sequence_number: whole, last_enqueued_sequence_number: whole, last_enqueued_time_utc: time, is_partition_empty: z.boolean() });
const annotations = z.object({ "x-opt-sequence-number": whole, "x-opt-offset": z.coerce.string().regex(/^[\w:.-]{1,40}$/), "x-opt-enqueued-time": time });

/** @throws Unavailable for what no hub would answer */
export function factsOf({ body }: Message): HubFacts {
  const { created_at: created, partition_ids: partitions } = parsed(hub, body);
  if (partitions.length > MOST_PARTITIONS) throw new Unavailable(`The event hub has ${partitions.length} partitions, and no more than ${MOST_PARTITIONS} are read.`, { hint: "Let diagnostic settings send to one with fewer." });
  return { created: created.toISOString(), partitions };
}

/** @throws Unavailable for what no hub would answer */
export function partitionFactsOf({ body }: Message): PartitionFacts {
  const { begin_sequence_number: begin, last_enqueued_sequence_number: last, last_enqueued_time_utc: lastAt, is_partition_empty: isEmpty } = parsed(partition, body);
  return { begin, last, lastAt, isEmpty };
}

/** An event; null for a message that has no place in its partition. */
export function eventOf({ message_annotations: notes, body }: Message): Arrived | null {
  const { data } = annotations.safeParse(notes);
  return data ? { no: data["x-opt-sequence-number"], offset: data["x-opt-offset"], at: data["x-opt-enqueued-time"].getTime(), bytes: bytesOf(body) } : null;
}

/** A body's bytes as they came; of a value or a list of AMQP, its text or its JSON. */
function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === "string") return Buffer.from(body);
  const { content, multiple } = (body ?? {}) as { content?: unknown; multiple?: unknown };
  if (Array.isArray(content) && multiple === true && content.every((each) => Buffer.isBuffer(each))) return Buffer.concat(content);
  return content === undefined || content === null ? Buffer.from(JSON.stringify(body ?? "")) : Buffer.isBuffer(content) || typeof content === "string" ? Buffer.from(content) : Buffer.from(JSON.stringify(content));
}

function parsed<T extends z.ZodType>(shape: T, body: unknown): z.output<T> {
  const { data } = shape.safeParse(body);
  if (data === undefined) throw new Unavailable("What answers is no event hub.", { hint: "The address is that of the namespace: sb://corp.servicebus.windows.net" });
  return data;
}
