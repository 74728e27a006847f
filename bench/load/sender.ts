import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { LoadBodies, type LoadBody } from "./bodies.ts";

export interface SenderOptions {
  origin: string;
  token: string;
  /** Events a second. */
  rate: number;
  seconds: number;
  /** Events of a body. */
  size: number;
}

/** What became of everything that was to be sent. */
export interface Sent {
  events: number;
  bytes: number;
  /** First numbers of bodies that were never answered with a 2xx. */
  lost: number[];
  /** From the moment a body was due to its 2xx, in milliseconds, one a body. */
  latencies: number[];
  /** Answers that told to come back later, or never came. */
  repeated: number;
  seconds: number;
}

/** Bodies on their way at once: beyond it the service is so far behind that more would only fill this process. */
const MOST = 48;
/** How long a body is sent again. */
const PATIENCE_MS = 60_000;

/**
 * Sends at a fixed rate, whatever the answers do (open loop): a body that is held off is sent again and delays no other. Latency counts from the
 * moment a body was due, so a service that stalls is charged for what had to wait.
 */
export async function sendLoad({ origin, token, rate, seconds, size }: SenderOptions): Promise<Sent> {
  const bodies = new LoadBodies(size);
  const agent = new Agent({ keepAlive: true, maxSockets: MOST });
  const sent: Sent = { events: 0, bytes: 0, lost: [], latencies: [], repeated: 0, seconds: 0 };
  const under = new Set<Promise<void>>();
  const began = performance.now();
  const count = Math.ceil((rate * seconds) / size);
  for (let index = 0; index < count; index++) {
    const due = began + (index * size * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await wait(early);
    while (under.size >= MOST) await Promise.race(under);
    const first = index * size;
    const body = bodies.next(first, new Date());
    sent.events += size;
    sent.bytes += body.bytes.length;
    const one: Promise<void> = untilKept(agent, origin, token, body, sent).then((kept) => {
      under.delete(one);
      if (kept) sent.latencies.push(performance.now() - due);
      else sent.lost.push(first);
    });
    under.add(one);
  }
  await Promise.all(under);
  sent.seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return sent;
}

async function untilKept(agent: Agent, origin: string, token: string, body: LoadBody, sent: Sent): Promise<boolean> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await wait(500)) {
    const status = await post(agent, origin, token, body).catch(() => 0);
    if (status >= 200 && status < 300) return true;
    if (status >= 400 && status < 500 && status !== 429) throw new Error(`the service refuses events with ${status}`);
    sent.repeated++;
  }
  return false;
}

function post(agent: Agent, origin: string, token: string, { bytes, gzip }: LoadBody): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}/v1/events/aws.cloudtrail`, { method: "POST", agent, timeout: 30_000, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "Content-Length": bytes.length, ...(gzip && { "Content-Encoding": "gzip" }) } }, (answer) => {
      answer.on("error", reject).on("end", () => resolve(answer.statusCode ?? 0)).resume();
    });
    outgoing.on("error", reject).on("timeout", () => outgoing.destroy(new Error("no answer")));
    outgoing.end(bytes);
  });
}
