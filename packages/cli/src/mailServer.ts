import { CorduroyError } from "@corduroy/core/kernel";

/** The server that takes mail, in the form that alerts want it. */
interface MailServer {
  host: string;
  port: number;
  from: string;
  login?: { username: string; password: string };
}

/**
 * Reads `smtp://user:password@mail.corp.example:587`; `smtps` is port 465, which is TLS from the first byte.
 * @throws CorduroyError that does not repeat the address: it may hold a password
 */
export function mailServer(address: string | undefined, from: string | undefined): MailServer | null {
  if (address === undefined) return null;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "") throw new CorduroyError("SMTP_URL is not the address of a mail server.", { hint: "Write it as smtp://user:password@mail.corp.example:587." });
  if (from === undefined) throw new CorduroyError("There is a mail server, and nobody to send as.", { hint: "Give --mail-from with an address." });
  const login = url.username === "" ? {} : { login: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } };
  return { host: url.hostname, port: url.port !== "" ? Number(url.port) : url.protocol === "smtps:" ? 465 : 587, from, ...login };
}
