import { audit, authorize } from "../../identity/index.ts";
import { Unavailable } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { Receiver } from "../receipt/receive.ts";
import type { ListenerAddress } from "./address.ts";
import { newCounts, type ListenerCounts } from "./counts.ts";
import { listenForDatagrams } from "./datagrams.ts";
import type { Ear } from "./hear.ts";
import { listenForStreams, STREAM_LIMITS, type StreamLimits, type TlsFiles } from "./streams.ts";

/** A listener as it is set up. */
export interface ListenerSetup {
  address: ListenerAddress;
  /** For TLS alone. */
  tls: TlsFiles | null;
}

/** A listener and what became of what it got. */
export interface ListenerState extends ListenerCounts {
  /** With the port that it has. */
  url: string;
  /** Why what comes cannot be kept at the moment. */
  problem: string | null;
}

/** Listeners that are open. */
export interface Listeners {
  states(): readonly ListenerState[];
  /** Closes them; resolves when what came is kept. */
  stop(): Promise<void>;
}

/** What comes while the service stops is tried to be kept for so long. */
const LAST_TRY_MS = 5_000;

/**
 * Opens listeners for syslog. Who starts the service has said where; each is audited when it is opened and closed, with what it got.
 * @param ctx of the product itself, with the database, not a transaction
 * @param onTrouble told of each problem once, when it begins
 * @throws Unavailable when one cannot be opened; none is open then
 */
export async function startListeners(ctx: DbCtx, receiver: Pick<Receiver, "hear">, setups: readonly ListenerSetup[], onTrouble: (text: string) => void, limits: StreamLimits = STREAM_LIMITS): Promise<Listeners> {
  const own: DbCtx = { ...ctx, actor: { kind: "system", name: "syslog" } };
  const stopping = new AbortController();
  const open: { state: ListenerState; close: () => Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    const last = setTimeout(() => stopping.abort(), LAST_TRY_MS);
    await Promise.all(open.splice(0).map(({ close }) => close()));
    clearTimeout(last);
  };
  try {
    for (const setup of setups) open.push(await openListener(own, receiver, setup, onTrouble, limits, stopping.signal));
  } catch (error) {
    await stop();
    throw error;
  }
  const states = open.map(({ state }) => state);
  return { states: () => states, stop };
}

async function openListener(ctx: DbCtx, receiver: Pick<Receiver, "hear">, { address, tls }: ListenerSetup, onTrouble: (text: string) => void, limits: StreamLimits, stopping: AbortSignal): Promise<{ state: ListenerState; close: () => Promise<void> }> {
  const resource = { type: "Listener", id: address.url };
  await authorize(ctx, "sources.write", resource);
  const state: ListenerState = { url: address.url, problem: null, ...newCounts() };
  const trouble = (text: string | null): void => {
    if (text !== null && state.problem === null) onTrouble(`Syslog on ${state.url}: ${text} What comes waits, or is lost where it cannot be held off.`);
    state.problem = text;
  };
  const ear: Ear = { ctx, receiver, url: address.url, counts: state, trouble, stopping };
  const listening = await (address.kind === "udp" ? listenForDatagrams(address, ear) : listenForStreams(address, tls, ear, limits)).catch((error: unknown) => {
    throw new Unavailable(`Syslog cannot be listened for on ${address.url}: ${error instanceof Error ? error.message : String(error)}`, { hint: "Choose another port, or end the program that has it. Ports below 1024 need the right to use them.", cause: error });
  });
  state.url = address.url.replace(/:0$/, `:${listening.port}`);
  await audit(ctx, { action: "sources.write", resource, detail: { verb: "listen", port: listening.port, from: address.from.slice(0, 100), certificates: tls !== null && tls.ca !== null } });
  const close = async (): Promise<void> => {
    await listening.close();
    const { received, unreadable, dropped, refused } = state;
    await audit(ctx, { action: "sources.write", resource, detail: { verb: "end listening", received, unreadable, dropped, refused } });
  };
  return { state, close };
}
