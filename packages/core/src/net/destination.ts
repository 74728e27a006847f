import { Forbidden, Invalid } from "../kernel/index.ts";
import { hostOf, type AllowList } from "./allowList.ts";
import { redacted } from "./redacted.ts";

/** Where a request goes, as far as its URL tells. */
export interface Destination {
  url: URL;
  host: string;
  port: number;
  /** Whether it is on the allow-list: private addresses and plain HTTP are then its owner's choice. */
  listed: boolean;
}

const LONGEST_URL = 8192;

/**
 * Reads the URL of a request and refuses what needs no look at the network.
 *
 * @throws {Invalid} for what is no http or https URL, or holds credentials
 * @throws {Forbidden} for http to what is not on the list
 */
export function destinationOf(text: string, isListed: AllowList): Destination {
  if (text.length > LONGEST_URL || !URL.canParse(text)) throw new Invalid("The address is no URL.", { hint: "Write a whole address that begins with https://." });
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new Invalid(`Requests go to https:// addresses, and this one begins with ${url.protocol.slice(0, 40)}`, { hint: "Write an address that begins with https://." });
  }
  if (url.username !== "" || url.password !== "") {
    throw new Invalid(`The address ${redacted(text)} holds a user name or a password.`, { hint: "Take them out of the URL; they would end up in other people's logs." });
  }
  const host = hostOf(url);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const listed = isListed(host, port);
  if (url.protocol === "http:" && !listed) {
    throw new Forbidden(`${redacted(text)} would be asked without TLS.`, { hint: `Use https://, or put ${url.hostname}:${port} on the allow-list if it is inside the company.` });
  }
  return { url, host, port, listed };
}
