import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { ListenerAddress } from "./address.ts";
import { count } from "./counts.ts";
import { withoutEnd } from "./framing.ts";
import { Gathering } from "./gathering.ts";
import { hear, type Ear } from "./hear.ts";
import type { Listening } from "./listening.ts";
import { plainAddress, senders } from "./senders.ts";

/** What the system keeps for us while we are busy; it may give less. */
const SYSTEM_BYTES = 8 * 1024 * 1024;
/** What waits for the disk; above it messages are lost, since nobody can be held off. */
const WAITING_BYTES = 32 * 1024 * 1024;
/** Of one sender. */
const GATHERED_BYTES = 1024 * 1024;
/** Addresses are easily made up: with more of them at once, all is handed on. */
const SENDERS = 1_000;

/** Listens for syslog over UDP (RFC 5426): a datagram is a message. */
export async function listenForDatagrams({ host, port, from }: ListenerAddress, ear: Ear): Promise<Listening> {
  const { counts } = ear;
  const maySend = senders(from);
  const bySender = new Map<string, Gathering>();
  const waiting = new Set<Gathering>();
  let bytes = 0;

  const flush = (sender: string, gathering: Gathering): Promise<void> => {
    bySender.delete(sender);
    return gathering.flush();
  };
  const gatheringOf = (sender: string): Gathering => {
    const known = bySender.get(sender);
    if (known) return known;
    if (bySender.size >= SENDERS) for (const [each, gathering] of bySender) void flush(each, gathering);
    const gathering: Gathering = new Gathering(async (messages) => {
      if (bySender.get(sender) === gathering) bySender.delete(sender);
      await hear(ear, sender, messages);
      waiting.delete(gathering);
      bytes -= gathering.bytes;
    });
    bySender.set(sender, gathering);
    waiting.add(gathering);
    return gathering;
  };

  const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4", recvBufferSize: SYSTEM_BYTES });
  socket.on("message", (datagram, { address }) => {
    const sender = plainAddress(address);
    const message = { bytes: withoutEnd(datagram), fault: null };
    if (message.bytes.length === 0) return;
    if (!maySend(sender)) return count(counts.dropped, "the sender is in none of the networks that may send");
    if (bytes > WAITING_BYTES) return count(counts.dropped, "more came than could be kept");
    const gathering = gatheringOf(sender);
    const before = gathering.bytes;
    gathering.add(message);
    bytes += gathering.bytes - before;
    if (gathering.bytes > GATHERED_BYTES) void flush(sender, gathering);
  });
  socket.bind(port, host);
  await once(socket, "listening");
  socket.on("error", (error) => ear.trouble(error.message));
  return {
    port: socket.address().port,
    close: async () => {
      // What the system has for us already comes in the next turns.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      socket.close();
      await Promise.all([...waiting].map((gathering) => gathering.flush()));
    },
  };
}
