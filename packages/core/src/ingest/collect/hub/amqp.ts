import { randomUUID } from "node:crypto";
import { isIP, type Socket } from "node:net";
import tls from "node:tls";
import type { Connection, ConnectionOptions, EventContext, Message } from "rhea";
import { Forbidden, Unavailable } from "../../../kernel/index.ts";
import type { Outbound } from "../../../net/index.ts";
import type { HubWord } from "./hubFailure.ts";
import type { Hub } from "./reach.ts";

/** An open connection in AMQP 1.0. */
export interface Amqp {
  connection: Connection;
  socket: Socket;
  /** Asks at a node (`$cbs`, `$management`) and waits for the answer. Rejects when the connection fails, or nothing comes. */
  ask: (node: string, message: Pick<Message, "application_properties" | "body">) => Promise<Message>;
  /** The promise's outcome, or why the connection fails before. */
  unlessBroken: <T>(promise: Promise<T>) => Promise<T>;
  /** A message was whole. */
  heard: () => void;
  /** Has it fail, as if the other side had ended it. */
  fail: (word: HubWord) => void;
  close: () => void;
}

/** Each step of opening may take so long, and each answer. */
const STEP_MS = 30_000;
/** Of a side that says nothing for so long the connection is taken for dead: a hub promises a sign of life. */
const SILENCE_MS = 60_000;
/** What is larger comes in several frames. */
const FRAME_BYTES = 65_536;
/** Of a message that does not end: more than any tier of Event Hubs allows. */
const MESSAGE_BYTES = 32 * 1024 * 1024;

/**
 * Connects to a hub: to an address that was checked, in TLS with a checked certificate, unless it is the emulator, which has to be on the allow-list.
 *
 * Microsoft's own library (`@azure/event-hubs`, on `rhea` as well) looks names up by itself and takes no socket, so that nobody could say where it connects to.
 * @param onFailure told once of what ends it
 * @throws Unavailable, Forbidden, Invalid as `outbound.connect`
 */
export async function connectAmqp(hub: Hub, outbound: Outbound, onFailure: (word: HubWord) => void): Promise<Amqp> {
  const { socket: plain, listed } = await outbound.connect(hub.host, hub.port, "lasts");
  if (!hub.tls && !listed) {
    plain.destroy();
    throw new Forbidden(`${hub.host}:${hub.port} would be asked without TLS.`, { hint: "The emulator's address has to be on the allow-list." });
  }
  const socket = hub.tls ? await inTls(plain, hub) : plain;
  // Loaded by whoever collects from a hub, and by nobody else.
  const { default: rhea } = await import("rhea");
  let ended: HubWord | null = null;
  const waiting = new Set<(word: HubWord) => void>();
  const fail = (word: HubWord): void => {
    if (ended !== null) return;
    ended = word;
    socket.destroy();
    for (const each of waiting) each(word);
    onFailure(word);
  };
  const unlessBroken = <T>(promise: Promise<T>): Promise<T> =>
    new Promise<T>((done, failed) => {
      const broken = (word: HubWord): void => failed(new Failed(word));
      if (ended !== null) return broken(ended);
      waiting.add(broken);
      promise.then(done, failed).finally(() => waiting.delete(broken));
    });

  const container = rhea.create_container({ id: `corduroy-${randomUUID()}` });
  const options: ConnectionOptions = {
    host: hub.host, hostname: hub.host, port: hub.port, username: "anonymous", reconnect: false, idle_time_out: SILENCE_MS, max_frame_size: FRAME_BYTES, properties: { product: "corduroy" },
    connection_details: (() => ({
      host: hub.host, port: hub.port, options: {},
      connect: (_port: number, _host: string, _options: object, connected: () => void) => {
        setImmediate(connected);
        return socket;
      },
    })) as unknown as NonNullable<ConnectionOptions["connection_details"]>,
  };
  const connection = container.create_connection(options);
  for (const name of ["connection_error", "connection_close", "disconnected", "protocol_error", "error", "session_error", "session_close", "sender_error", "sender_close", "receiver_error", "receiver_close"]) {
    connection.on(name, (context: EventContext | Error) => fail(wordOf(context)));
  }
  // It listens for ends and errors, and would go on sending signs of life into what was closed by ourselves.
  socket.once("close", () => (connection as unknown as { eof(): void }).eof());
  let since = 0;
  socket.on("data", (bytes: Buffer) => {
    since += bytes.length;
    if (since > MESSAGE_BYTES) fail({ condition: "amqp:frame-size-too-small", description: "" });
  });
  const opened = new Promise<void>((done) => connection.on("connection_open", () => done()));
  connection.connect();

  const asking = new Map<string, Promise<(message: Message) => Promise<Message>>>();
  const amqp: Amqp = {
    connection, socket, unlessBroken, fail,
    heard: () => void (since = 0),
    ask: async (node, message) => {
      const way = asking.get(node) ?? requestsTo(amqp, node);
      asking.set(node, way);
      return (await way)(message);
    },
    close: () => {
      ended ??= { condition: "closed", description: "" };
      // Said, for a hub counts its readers; whether it hears is not waited for.
      if (connection.is_open()) connection.close();
      setImmediate(() => socket.destroySoon());
    },
  };
  await within(unlessBroken(opened), hub.host).catch((error: unknown) => {
    amqp.close();
    throw error;
  });
  return amqp;
}

/** Why a connection ended, for whoever was waiting on it. */
export class Failed extends Error {
  constructor(readonly word: HubWord) {
    super(word.condition);
  }
}

/** The promise's outcome, or after a while that nothing came. */
export async function within<T>(promise: Promise<T>, host: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Unavailable(`${host} did not answer within ${STEP_MS / 1_000} seconds.`, { hint: "Check that it is an event hub's namespace; it will be asked again." })), STEP_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function inTls(socket: Socket, { host }: Hub): Promise<Socket> {
  const name = host.replaceAll(/^\[|\]$/g, "");
  const secure = tls.connect({ socket, host: name, ...(isIP(name) === 0 && { servername: name }), minVersion: "TLSv1.2" });
  try {
    // The listener for errors stays: a socket that breaks while nobody listens would end the process.
    await within(new Promise<void>((done, failed) => secure.once("secureConnect", done).on("error", failed).once("close", () => failed(new Error("closed")))), host);
    return secure;
  } catch (error) {
    socket.destroy();
    const code = (error as { code?: unknown }).code;
    if (error instanceof Unavailable) throw error;
    throw new Unavailable(`${host} does not speak TLS that can be trusted (${typeof code === "string" && /^\w{1,60}$/.test(code) ? code : "it ended the connection"}).`, { hint: "Nothing was sent. A private authority is made known with NODE_EXTRA_CA_CERTS." });
  }
}

/** A pair of links to a node that answers requests. */
async function requestsTo({ connection, unlessBroken, heard }: Amqp, node: string): Promise<(message: Message) => Promise<Message>> {
  const name = `corduroy-${randomUUID()}`;
  const answers = new Map<unknown, (message: Message) => void>();
  const receiver = connection.open_receiver({ name, source: { address: node }, target: { address: name } });
  const sender = connection.open_sender({ name: `${name}-requests`, target: { address: node } });
  receiver.on("message", ({ message }: EventContext) => {
    heard();
    const answered = answers.get(message?.correlation_id);
    answers.delete(message?.correlation_id);
    if (message) answered?.(message);
  });
  const host = connection.hostname ?? node;
  await within(unlessBroken(Promise.all([new Promise((done) => receiver.once("receiver_open", done)), new Promise((done) => sender.once("sender_open", done))])), host);
  return (message) => {
    const id = randomUUID();
    const answer = new Promise<Message>((done) => answers.set(id, done));
    sender.send({ ...message, message_id: id, reply_to: name });
    return within(unlessBroken(answer), host);
  };
}

/** The condition that came with an end; of an error of the network, its code. */
function wordOf(context: EventContext | Error): HubWord {
  const of = context as Partial<EventContext> & { error?: unknown };
  const error = (of.receiver?.error ?? of.sender?.error ?? of.session?.error ?? of.connection?.error ?? of.error ?? context) as { condition?: unknown; description?: unknown; code?: unknown };
  const [condition, description] = [error.condition ?? error.code, error.description].map((each) => (typeof each === "string" ? each : ""));
  return { condition: condition || "closed", description: description ?? "" };
}
