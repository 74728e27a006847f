import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import type { ListenerAddress } from "./address.ts";
import { count } from "./counts.ts";
import { Framing } from "./framing.ts";
import { Gathering } from "./gathering.ts";
import { hear, type Ear } from "./hear.ts";
import type { Listening } from "./listening.ts";
import { plainAddress, senders } from "./senders.ts";

/** What TLS is spoken with, as PEM; with `ca` a sender must show a certificate of it. */
export interface TlsFiles {
  cert: string;
  key: string;
  ca: string | null;
}

export interface StreamLimits {
  connections: number;
  ofOneSender: number;
  /** Between messages a connection may be silent for so long: senders keep theirs open all day. */
  idleMs: number;
  /** Before the first message, and within one. */
  patienceMs: number;
}

export const STREAM_LIMITS: StreamLimits = { connections: 1_000, ofOneSender: 100, idleMs: 4 * 3_600_000, patienceMs: 60_000 };

/** What is gathered of one sender before the disk is waited for, and of all; likewise of messages whose end has not come. */
const GATHERED_BYTES = 1024 * 1024;
const LEAST_GATHERED = 64 * 1024;
const ALL_GATHERED = 64 * 1024 * 1024;
/** When it ends, a sender that goes on sending is read for so long, and one that is silent for so long is let go. */
const DRAIN_MS = 2_000;
const SILENT_MS = 100;
const HANDSHAKE_MS = 10_000;
const PROBE_MS = 60_000;

interface Connection {
  socket: Socket;
  lastAt: number;
  ended: Promise<void>;
}

/**
 * Listens for syslog over TCP (RFC 6587) or TLS (RFC 5425, 1.2 at least). While the spool takes no more, nothing is read, which holds the senders off.
 * @param tls null for TCP
 */
export async function listenForStreams({ host, port, from }: ListenerAddress, tls: TlsFiles | null, ear: Ear, limits: StreamLimits): Promise<Listening> {
  const { counts } = ear;
  const maySend = senders(from);
  const sockets = new Set<Socket>();
  const open = new Set<Connection>();
  const bySender = new Map<string, number>();
  let unfinished = 0;
  let closing = false;

  /** Takes a connection, or refuses it, before anything is read of it. */
  const admit = (socket: Socket): void => {
    const sender = plainAddress(socket.remoteAddress);
    const same = bySender.get(sender) ?? 0;
    const refusal = closing ? "the service stops" : !maySend(sender) ? "the sender is in none of the networks that may send" : counts.connections >= limits.connections ? "too many connections" : same >= limits.ofOneSender ? "too many connections of one sender" : null;
    socket.on("error", () => undefined);
    if (refusal !== null) {
      count(counts.refused, refusal);
      socket.destroy();
      return;
    }
    counts.connections++;
    sockets.add(socket);
    bySender.set(sender, same + 1);
    socket.setKeepAlive(true, PROBE_MS);
    socket.once("close", () => {
      counts.connections--;
      sockets.delete(socket);
      const left = bySender.get(sender)! - 1;
      if (left === 0) bySender.delete(sender);
      else bySender.set(sender, left);
    });
  };

  const read = async (connection: Connection, framing: Framing, gathering: Gathering): Promise<boolean> => {
    const { socket } = connection;
    let held = false;
    let begun = false;
    socket.setTimeout(limits.patienceMs).on("timeout", () => {
      const isWithin = framing.isInside || !begun;
      if (!held && (isWithin || Date.now() - connection.lastAt >= limits.idleMs)) {
        count(counts.refused, isWithin ? "silent within a message, or before the first" : "silent for too long");
        socket.destroy();
      } else socket.setTimeout(limits.patienceMs);
    });
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        connection.lastAt = Date.now();
        begun = true;
        const before = framing.kept;
        for (const message of framing.push(chunk)) gathering.add(message);
        unfinished += framing.kept - before;
        if (framing.kept > LEAST_GATHERED && unfinished > ALL_GATHERED) for (const message of framing.lose("too many long messages at once: the connection was closed", Buffer.alloc(0))) gathering.add(message);
        if (framing.lost) {
          count(counts.refused, "not syslog any more");
          return false;
        }
        if (gathering.bytes < Math.max(LEAST_GATHERED, Math.min(GATHERED_BYTES, ALL_GATHERED / open.size))) continue;
        held = true;
        await gathering.flush();
        held = false;
      }
      return !closing;
    } catch {
      // Reset, or ended by the other side in the middle of TLS.
      return false;
    }
  };

  const serve = (socket: Socket): void => {
    if (socket.destroyed) return;
    const sender = plainAddress(socket.remoteAddress);
    const framing = new Framing();
    const gathering = new Gathering((messages) => hear(ear, sender, messages));
    const connection: Connection = { socket, lastAt: Date.now(), ended: Promise.resolve() };
    open.add(connection);
    connection.ended = (async () => {
      const clean = await read(connection, framing, gathering);
      unfinished -= framing.kept;
      for (const message of framing.end(clean)) gathering.add(message);
      await gathering.flush();
      open.delete(connection);
    })();
  };

  /** Reads what is on its way, and ends the connection. */
  const drain = async (connection: Connection): Promise<void> => {
    const { socket, ended } = connection;
    const begun = Date.now();
    socket.end();
    connection.lastAt = begun;
    while (!socket.destroyed && Date.now() - connection.lastAt < SILENT_MS && Date.now() - begun < DRAIN_MS) await Promise.race([ended, wait(SILENT_MS / 4)]);
    socket.destroy();
    await ended;
  };

  const server = tls === null ? createServer(serve) : createTlsServer({ cert: tls.cert, key: tls.key, minVersion: "TLSv1.2", handshakeTimeout: HANDSHAKE_MS, ...(tls.ca !== null && { ca: tls.ca, requestCert: true, rejectUnauthorized: true }) }, serve);
  // Also below TLS: whoever may not send gets no handshake. It comes before what `createServer` was given.
  server.prependListener("connection", admit);
  server.on("tlsClientError", () => count(counts.refused, "no TLS, or no certificate that is asked for"));
  server.listen(port, host);
  await once(server, "listening");
  server.on("error", (error) => ear.trouble(error.message));
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      closing = true;
      server.close();
      await Promise.all([...open].map(drain));
      // Such as have not got through TLS yet.
      for (const socket of sockets) socket.destroy();
    },
  };
}
