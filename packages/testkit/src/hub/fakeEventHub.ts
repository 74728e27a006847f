import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import rhea, { type Connection, type ConnectionOptions, type EventContext, type Sender } from "rhea";
import type { Certificate } from "../certificates/issue.ts";
import { answerRequest, type Claims, type HubState } from "./answers.ts";
import { Partition, type HubEvent } from "./partition.ts";

/** What goes wrong next. */
export type HubFault = { kind: "none" } | /** The connection breaks after so many more events. */ { kind: "cut"; after: number } | /** Links of readers are refused with this condition. */ { kind: "refuse"; condition: string; description: string };

export interface FakeEventHub {
  /** `host:port` */
  readonly place: string;
  readonly name: string;
  /** With the right to listen, and `UseDevelopmentEmulator=true` unless it speaks TLS. */
  readonly connectionString: string;
  /** The key in it. */
  readonly key: string;
  /** Keys by name, and what a key may. */
  readonly keys: Map<string, string>;
  readonly rights: Map<string, readonly string[]>;
  /** Which access tokens of Entra have the role: none, until somebody says so. */
  readonly entra: { accepts(token: string): boolean };
  /** Readers' links: the partition and the filter of each, in the order in which they came. */
  readonly reads: readonly { partition: string; filter: string; group: string }[];
  /** Times that a token was put. */
  readonly puts: readonly string[];
  /** Connections that are open. */
  connections(): number;
  keep(partition: number, body: string | Buffer, enqueued?: Date): HubEvent;
  partition(no: number): Partition;
  fail(fault?: HubFault): void;
  /** Holds a partition's events back, or lets them go. */
  hold(partition: number, held: boolean): void;
  /** Takes every token for expired, and ends the links that were opened with one. */
  expireTokens(): void;
  /** Breaks every connection. */
  cut(): void;
  /** Is deleted, and made anew under the same name. */
  recreate(created: Date): void;
  stop(): Promise<void>;
}

export interface FakeEventHubOptions {
  partitions?: number;
  now?: () => Date;
  /** Speaks TLS with it. */
  certificate?: Certificate;
}

interface Reading {
  link: Sender;
  partition: number;
  next: number;
}

/** No two hubs are the same, whatever they are called. */
let made = 0;
const ADDRESS = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/(\d+)$/;

/**
 * Starts an event hub on a free port of the loopback interface, in AMQP 1.0: `$cbs` with shared access signatures and access tokens, `$management` for the hub and its partitions, and readers of
 * partitions from an offset, a sequence number or a time on, within their credit.
 */
export async function fakeEventHub({ partitions: count = 2, now = () => new Date(), certificate }: FakeEventHubOptions = {}): Promise<FakeEventHub> {
  const key = Buffer.from("a-shared-access-key-of-the-fake-hub").toString("base64");
  const state: HubState = {
    name: "logs", groups: ["$default", "corduroy"], created: new Date(Date.UTC(2026, 0, 5) + 1_000 * ++made), partitions: Array.from({ length: count }, () => new Partition()),
    keys: new Map([["listener", key], ["sender", `${key}B`]]), rights: new Map([["listener", ["Listen"]], ["sender", ["Send"]]]), entra: { accepts: () => false }, now,
  };
  const sockets = new Set<Socket>();
  const readings = new Set<Reading>();
  const reads: FakeEventHub["reads"][number][] = [];
  const puts: string[] = [];
  const held = new Set<number>();
  const claims = new WeakMap<Connection, Claims>();
  const replies = new WeakMap<Connection, Map<string, Sender>>();
  let fault: HubFault = { kind: "none" };

  const pump = (): void => {
    for (const reading of readings) {
      const { link, partition } = reading;
      while (!held.has(partition) && link.is_open() && link.sendable()) {
        const event = state.partitions[partition]!.from(reading.next);
        if (event === undefined) break;
        if (fault.kind === "cut" && --fault.after < 0) {
          fault = { kind: "none" };
          return cut();
        }
        reading.next = event.sequence + 1;
        link.send({
          message_annotations: { "x-opt-sequence-number": rhea.types.wrap_long(event.sequence), "x-opt-offset": String(event.offset), "x-opt-enqueued-time": rhea.types.wrap_timestamp(event.enqueued.getTime()) },
          body: rhea.message.data_section(event.body),
        });
      }
    }
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  const container = rhea.create_container({ id: "fake-event-hub", autosettle: true, autoaccept: true });
  (container as unknown as { sasl_server_mechanisms: { enable_anonymous(): void } }).sasl_server_mechanisms.enable_anonymous();
  container.on("connection_open", ({ connection }: EventContext) => {
    claims.set(connection, new Map());
    replies.set(connection, new Map());
  });
  container.on("sender_open", ({ connection, sender }: EventContext) => {
    const { address } = sender!.source;
    if (address === "$cbs" || address === "$management") {
      sender!.set_source({ address });
      return void replies.get(connection)!.set(`${address} ${sender!.target?.address ?? sender!.name}`, sender!);
    }
    const [, hub, group = "", no] = ADDRESS.exec(address) ?? [];
    const refuse = (condition: string, description: string): void => sender!.close({ condition, description });
    if (fault.kind === "refuse") return refuse(fault.condition, fault.description);
    const claim = [...claims.get(connection)!].find(([audience]) => audience.toLowerCase().endsWith(`/${address.toLowerCase()}`))?.[1];
    if (claim === undefined || claim.until <= state.now().getTime()) return refuse("amqp:unauthorized-access", `Unauthorized access. 'Listen' claim(s) are required to perform this operation. Resource: 'sb://fake/${address}'.`);
    if (!claim.rights.includes("Listen")) return refuse("amqp:unauthorized-access", "Unauthorized access. 'Listen' claim(s) are required to perform this operation.");
    const partition = Number(no);
    if (hub !== state.name || !state.groups.includes(group.toLowerCase()) || state.partitions[partition] === undefined) return refuse("amqp:not-found", `The messaging entity 'sb://fake/${address}' could not be found.`);
    const described = (sender!.source.filter as unknown as Record<string, { value?: string } | string> | undefined)?.["apache.org:selector-filter:string"];
    const filter = (typeof described === "object" ? described.value : described) ?? "amqp.annotation.x-opt-offset > '-1'";
    const next = state.partitions[partition].start(filter);
    if (next === null) return refuse("amqp:invalid-field", "The filter is not understood.");
    sender!.set_source({ address });
    reads.push({ partition: no!, filter, group });
    readings.add({ link: sender!, partition, next });
    pump();
  });
  container.on("sendable", pump);
  container.on("sender_flow", pump);
  container.on("message", ({ connection, receiver, message }: EventContext) => {
    const to = receiver!.target.address;
    if (to === "$cbs") puts.push(String(message!.application_properties?.["name"]));
    const reply = [...replies.get(connection)!].find(([name]) => name === `${to} ${String(message!.reply_to)}`)?.[1] ?? [...replies.get(connection)!].findLast(([name]) => name.startsWith(`${to} `))?.[1];
    reply?.send({ ...answerRequest(state, claims.get(connection)!, to, message!), correlation_id: message!.message_id ?? "" });
  });
  const forget = ({ connection }: EventContext): void => {
    for (const reading of readings) if (reading.link.connection === connection) readings.delete(reading);
  };
  for (const event of ["connection_close", "connection_error", "disconnected"]) container.on(event, forget);
  container.on("sender_close", ({ sender }: EventContext) => {
    for (const reading of readings) if (reading.link === sender) readings.delete(reading);
  });
  for (const event of ["error", "sender_error", "receiver_close", "session_close", "session_error", "protocol_error"]) container.on(event, () => undefined);

  const accept = (socket: Socket): void => {
    sockets.add(socket);
    const connection = container.create_connection({} as ConnectionOptions) as unknown as { accept(socket: Socket): void; eof(): void };
    connection.accept(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      // Else it would go on with its signs of life.
      connection.eof();
    });
  };
  const server: Server = certificate === undefined ? createTcpServer(accept) : createTlsServer(certificate, accept).on("tlsClientError", () => undefined);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;

  return {
    place: `127.0.0.1:${port}`, name: state.name, key, keys: state.keys, rights: state.rights, entra: state.entra, reads, puts,
    connectionString: `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=listener;SharedAccessKey=${key};EntityPath=logs${certificate === undefined ? ";UseDevelopmentEmulator=true" : ""}`,
    connections: () => sockets.size,
    partition: (no) => state.partitions[no]!,
    keep: (partition, body, enqueued = state.now()) => {
      const event = state.partitions[partition]!.keep(Buffer.from(body), enqueued);
      setImmediate(pump);
      return event;
    },
    fail: (next = { kind: "none" }) => void (fault = next),
    hold: (partition, holds) => {
      if (holds) held.add(partition);
      else held.delete(partition);
      pump();
    },
    expireTokens: () => {
      for (const { link } of readings) {
        claims.get(link.connection)?.clear();
        link.close({ condition: "amqp:unauthorized-access", description: "ExpiredToken: The token is expired." });
      }
      readings.clear();
    },
    cut,
    recreate: (created) => {
      state.created = created;
      state.partitions = state.partitions.map(() => new Partition());
      cut();
    },
    stop: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
