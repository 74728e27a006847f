import { isIP } from "node:net";
import { Invalid } from "../../kernel/index.ts";

/** Where a listener listens, and to whom. */
export interface ListenerAddress {
  /** As it is shown and audited: `tls://0.0.0.0:6514`. */
  url: string;
  kind: "udp" | "tcp" | "tls";
  host: string;
  /** 0 for any. */
  port: number;
  /** Networks that may send, as CIDR; empty for all. */
  from: readonly string[];
  /** Files, for TLS: certificate and key (null: those of the service), and the authorities of which a sender must show a certificate (null: it need not). */
  cert: string | null;
  key: string | null;
  ca: string | null;
}

const PORTS = { udp: 514, tcp: 514, tls: 6514 } as const;
const HINT = "Write udp://ADDRESS:PORT, tcp://ADDRESS:PORT or tls://ADDRESS:PORT; behind it may stand ?from=10.0.0.0/8, and for TLS cert=FILE, key=FILE and ca=FILE, joined by &.";

/** Reads the address of a syslog listener as it is typed. @throws Invalid */
export function listenerAddress(text: string): ListenerAddress {
  const invalid = (why: string): Invalid => new Invalid(`${text} is no address for syslog: ${why}`, { hint: HINT });
  const url = URL.canParse(text) ? new URL(text) : null;
  const kind = url?.protocol.slice(0, -1);
  if (url === null || (kind !== "udp" && kind !== "tcp" && kind !== "tls")) throw invalid("it begins with none of udp://, tcp:// and tls://.");
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0 && host !== "localhost") throw invalid("it names no IP address of this machine.");
  if (url.username !== "" || url.password !== "" || !["", "/"].includes(url.pathname) || url.hash !== "") throw invalid("only settings may follow the port.");
  const known = kind === "tls" ? ["from", "cert", "key", "ca"] : ["from"];
  for (const name of url.searchParams.keys()) if (!known.includes(name)) throw invalid(`there is no setting ${name} for ${kind}.`);
  const file = (name: string): string | null => url.searchParams.get(name);
  if ((file("cert") === null) !== (file("key") === null)) throw invalid("a certificate needs its key.");
  const from = url.searchParams.getAll("from").flatMap((each) => each.split(","));
  for (const network of from) if (!isNetwork(network)) throw invalid(`${network} is no network.`);
  const port = url.port === "" ? PORTS[kind] : Number(url.port);
  return { url: `${kind}://${url.hostname}:${port}`, kind, host, port, from, cert: file("cert"), key: file("key"), ca: file("ca") };
}

/** An address, or one and the length of its prefix: `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = "", length, more] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  return bits > 0 && more === undefined && (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits));
}
