import { connect, type Socket } from "node:net";
import { Client } from "undici";
import { CorduroyError, Unavailable } from "../kernel/index.ts";
import { allowList, hostOf } from "./allowList.ts";
import { readAnswer, type OutboundAnswer } from "./answer.ts";
import { destinationOf } from "./destination.ts";
import { redacted } from "./redacted.ts";
import { checkedAddresses, fixedLookup, systemResolver, type Resolve } from "./resolve.ts";

export interface OutboundOptions {
  /** Destinations inside the company, each `host:port`: they may have private addresses and be spoken to without TLS. */
  allow: readonly string[];
  /** The most that one request, or one connection, may take from its first step to its last, in milliseconds. */
  timeoutMs: number;
  /** The most that is read of an answer's body; the rest is left unread. */
  maxBytes: number;
  now: () => Date;
  /** The system's resolver where nothing is said. */
  resolve?: Resolve;
}

export interface OutboundRequest {
  method: "GET" | "POST";
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

/** The way out: everything this product sends to an address that somebody configured goes through here. */
export interface Outbound {
  /**
   * One request, without following redirects, over a connection of its own to an address that was checked.
   * @throws {Invalid} for a URL that can never be asked
   * @throws {Forbidden} for plain HTTP, or for what is not on the public Internet, unless it is on the allow-list
   * @throws {Unavailable} when it cannot be reached, breaks off or takes too long
   */
  request(request: OutboundRequest): Promise<OutboundAnswer>;
  /**
   * Whether a request to this URL would be let out, as far as can be told without making it. A name that does not resolve now may do so later.
   * @throws Invalid, Forbidden as `request`
   */
  check(url: string): Promise<void>;
  /**
   * A TCP connection to an address that was checked, cut when the time limit is over; one that is to last only has to be made within it. Its user owes it TLS unless `listed`.
   * @throws as `request`
   */
  connect(host: string, port: number, lasts?: "lasts"): Promise<{ socket: Socket; listed: boolean }>;
  now(): Date;
}

/**
 * Outbound connections that cannot be turned against the network they start from (server-side request forgery, CWE-918).
 * @throws {Invalid} for an entry of the allow-list that is not `host:port`
 */
export function outbound(options: OutboundOptions): Outbound {
  const isListed = allowList(options.allow);
  const resolve = options.resolve ?? systemResolver;

  return {
    now: options.now,

    async request({ method, url: text, headers = {}, body }) {
      const { url, host, listed } = destinationOf(text, isListed);
      const deadline = AbortSignal.timeout(options.timeoutMs);
      return await explained(redacted(text), options.timeoutMs, deadline, async () => {
        const addresses = await before(deadline, checkedAddresses(host, listed, resolve));
        const client = new Client(url.origin, { connect: { lookup: fixedLookup(addresses), autoSelectFamily: true, timeout: options.timeoutMs } });
        try {
          const answer = await client.request({ method, path: url.pathname + url.search, headers, body: body ?? null, signal: deadline });
          return await readAnswer(answer, options.maxBytes);
        } finally {
          await client.destroy();
        }
      });
    },

    async check(text) {
      const { host, listed } = destinationOf(text, isListed);
      const deadline = AbortSignal.timeout(options.timeoutMs);
      await explained(redacted(text), options.timeoutMs, deadline, () => before(deadline, checkedAddresses(host, listed, resolve))).catch((error: unknown) => {
        if (!(error instanceof Unavailable)) throw error;
      });
    },

    async connect(name, port, lasts) {
      const host = URL.canParse(`http://${name}/`) ? hostOf(new URL(`http://${name}/`)) : name;
      const listed = isListed(host, port);
      const deadline = AbortSignal.timeout(options.timeoutMs);
      const cut = new AbortController();
      const over = (): void => cut.abort(deadline.reason);
      deadline.addEventListener("abort", over, { once: true });
      return await explained(`${host}:${port}`, options.timeoutMs, deadline, async () => {
        const addresses = await before(deadline, checkedAddresses(host, listed, resolve));
        const socket = connect({ host, port, lookup: fixedLookup(addresses), autoSelectFamily: true, signal: cut.signal });
        // The listener for errors stays: a socket that breaks while nobody listens would end the process.
        await new Promise<void>((connected, failed) => socket.once("connect", connected).on("error", failed));
        if (lasts) deadline.removeEventListener("abort", over);
        return { socket, listed };
      });
    },
  };
}

/** The promise's outcome, or the deadline's: a resolver cannot be stopped, only left behind. */
function before<T>(deadline: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    deadline.addEventListener("abort", () => failed(deadline.reason as Error), { once: true });
    promise.then(done, failed);
  });
}

/** Runs the work; what goes wrong on the network becomes a sentence that names the place and the system's code, and nothing of the request. */
async function explained<T>(place: string, timeoutMs: number, deadline: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CorduroyError) throw error;
    if (deadline.aborted) throw new Unavailable(`${place} did not answer within ${timeoutMs / 1000} seconds.`, { hint: "Check that it is up; it will be asked again." });
    throw new Unavailable(`${place} could not be reached (${codeOf(error)}).`, { hint: "Check that it is up and that this machine may connect to it." });
  }
}

/** The system's code or the error's class, never its own message: libraries quote the request in theirs. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return "no reason given";
  return "code" in error && typeof error.code === "string" && /^[A-Z0-9_]{1,60}$/.test(error.code) ? error.code : error.name;
}
