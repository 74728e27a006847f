import type { EventContext, Message, Receiver } from "rhea";
import type { Outbound } from "../../../net/index.ts";
import { connectAmqp, Failed, within, type Amqp } from "./amqp.ts";
import { eventOf, factsOf, partitionFactsOf, type HubFacts, type PartitionFacts } from "./answers.ts";
import { claimsOf, type Claim } from "./claims.ts";
import { hubFailure, type HubWord } from "./hubFailure.ts";
import { CREDIT, Inbox, type Arrived } from "./inbox.ts";
import type { Hub } from "./reach.ts";

/** A hub that is being read. */
export interface OpenHub {
  describe(): Promise<HubFacts>;
  partition(id: string): Promise<PartitionFacts>;
  /**
   * Reads a partition from a place on.
   * @param from a selector of Event Hubs: `amqp.annotation.x-opt-offset > '…'`
   */
  read(partition: string, from: string): Promise<void>;
  /** From now on an end of the connection is nothing but a reason to open it again. */
  opened(): void;
  /** What has come since, by partition; nothing where nothing came for `idleMs`. @throws what ended the connection */
  next(idleMs: number): Promise<Map<string, Arrived[]>>;
  close: () => void;
}

/** While more than this waits nothing is read from the network. */
const MOST_BYTES = 24 * 1024 * 1024;

/**
 * Opens a hub: nothing is read yet. It closes by itself once `signal` is aborted.
 * @throws Unavailable in words for a person; NotYet where it is busy; Forbidden and Invalid for an address that will never do
 */
export async function openHub(hub: Hub, outbound: Outbound, signal: AbortSignal): Promise<OpenHub> {
  const claimOf = claimsOf(hub, outbound);
  const inbox = new Inbox();
  const readers = new Map<string, Receiver>();
  const claimed = new Set<string>();
  /** Aborted once the connection has ended, for whatever reason. */
  const over = new AbortController();
  let isOpen = false;
  let ended: HubWord | null = null;
  let renewal: NodeJS.Timeout | undefined;
  const amqp = await connectAmqp(hub, outbound, (word) => {
    ended = word;
    clearTimeout(renewal);
    over.abort();
  }).catch(explained);

  async function explained(error: unknown): Promise<never> {
    throw error instanceof Failed ? hubFailure(error.word, hub, isOpen, outbound.now()) : error;
  }

  const show = async (resource: string): Promise<Claim> => {
    const claim = await claimOf(resource);
    accepted(await amqp.ask("$cbs", { application_properties: { operation: "put-token", type: claim.type, name: resource }, body: claim.token }), hub, isOpen, outbound.now());
    return claim;
  };
  const renew = async (): Promise<void> => {
    try {
      const claims = await Promise.all([...claimed].map(show));
      renewFrom(claims);
    } catch {
      // What a hub refuses now is said when it is opened again.
      amqp.fail({ condition: "token-not-renewed", description: "" });
    }
  };
  const renewFrom = (claims: readonly Claim[]): void => {
    clearTimeout(renewal);
    renewal = setTimeout(() => void renew(), Math.max(Math.min(...claims.map(({ renewAt }) => renewAt)) - outbound.now().getTime(), 60_000));
    renewal.unref();
  };
  const claim = async (path: string): Promise<void> => {
    const resource = `sb://${hub.host}/${hub.name}/${path}`;
    if (claimed.has(resource)) return;
    const shown = await show(resource);
    claimed.add(resource);
    renewFrom([shown]);
  };
  const manage = async (asked: object): Promise<Message> => {
    await claim("$management");
    const { token } = await claimOf(`sb://${hub.host}/${hub.name}`);
    return accepted(await amqp.ask("$management", { application_properties: { operation: "READ", name: hub.name, security_token: token, ...asked }, body: Buffer.from("[]") }), hub, isOpen, outbound.now());
  };

  const open: OpenHub = {
    describe: () => manage({ type: "com.microsoft:eventhub" }).then(factsOf).catch(explained),
    partition: (id) => manage({ type: "com.microsoft:partition", partition: id }).then(partitionFactsOf).catch(explained),
    read: async (partition, from) => {
      const path = `ConsumerGroups/${hub.group}/Partitions/${partition}`;
      try {
        await claim(path);
        const reader = await attached(amqp, `${hub.name}/${path}`, from, ({ message }) => {
          const event = message && eventOf(message);
          if (!event) return amqp.fail({ condition: "amqp:decode-error", description: "" });
          inbox.add(partition, event);
          if (inbox.bytes > MOST_BYTES) amqp.socket.pause();
        });
        readers.set(partition, reader);
        reader.add_credit(CREDIT);
      } catch (error) {
        await explained(error);
      }
    },
    opened: () => void (isOpen = true),
    next: async (idleMs) => {
      const taken = await inbox.next(idleMs, over.signal);
      if (taken.size === 0 && ended !== null) throw hubFailure(ended, hub, isOpen, outbound.now());
      for (const [partition, events] of taken) readers.get(partition)?.add_credit(events.length);
      if (inbox.bytes <= MOST_BYTES / 2) amqp.socket.resume();
      return taken;
    },
    close: () => {
      clearTimeout(renewal);
      signal.removeEventListener("abort", open.close);
      over.abort();
      amqp.close();
    },
  };
  signal.addEventListener("abort", open.close, { once: true });
  if (signal.aborted) open.close();
  return open;
}

/** @throws what an answer with another status means */
function accepted(answer: Message, hub: Hub, isOpen: boolean, now: Date): Message {
  const { "status-code": status = null, statusCode = status, "status-description": said = "", statusDescription = said } = (answer.application_properties ?? {}) as Record<string, unknown>;
  if (typeof statusCode === "number" && statusCode >= 200 && statusCode < 300) return answer;
  const failure = hubFailure({ condition: String(statusCode), description: String(statusDescription) }, hub, isOpen, now);
  throw failure;
}

async function attached(amqp: Amqp, address: string, from: string, onMessage: (context: EventContext) => void): Promise<Receiver> {
  const { default: rhea } = await import("rhea");
  // The code is that of a selector, which Microsoft's library gives as well.
  const filter = { "apache.org:selector-filter:string": rhea.types.wrap_described(from, 0x468c00000004) };
  const receiver = amqp.connection.open_receiver({ source: { address, filter: filter as never }, credit_window: 0, autoaccept: true });
  receiver.on("message", (context: EventContext) => {
    amqp.heard();
    onMessage(context);
  });
  // A link that is refused is attached first and ended then, with the reason.
  await within(amqp.unlessBroken(new Promise<void>((done) => receiver.once("receiver_open", () => (receiver.source ? done() : undefined)))), address.split("/")[0] ?? address);
  return receiver;
}

