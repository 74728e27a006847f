import { Invalid } from "../kernel/index.ts";

const ENTRY = /^(\[[0-9a-fA-F:.]{2,45}\]|[^\s:/?#@*[\]\\]{1,253}):([0-9]{1,5})$/;

/** Says whether a destination is on the list. `host` is as a parsed URL has it, without the brackets of IPv6. */
export type AllowList = (host: string, port: number) => boolean;

/**
 * Reads the list of destinations inside the company, which may have private addresses and be spoken to without TLS.
 *
 * @param entries each `host:port`, exactly: no wildcards, for a list that covers more than it names is no list
 * @throws {Invalid} for an entry of another form
 */
export function allowList(entries: readonly string[]): AllowList {
  const listed = new Set(entries.map(normalised));
  return (host, port) => listed.has(`${host}:${port}`);
}

function normalised(entry: string): string {
  const [, host = "", port = ""] = ENTRY.exec(entry) ?? [];
  const number = Number(port);
  if (host === "" || number < 1 || number > 65_535 || !URL.canParse(`http://${host}/`)) {
    throw new Invalid(`The allow-list of destinations has an entry that is not host:port: ${JSON.stringify(entry.slice(0, 80))}.`, {
      hint: "Write each as host:port, such as hooks.corp.example:8080 or [fd00::5]:443.",
    });
  }
  return `${hostOf(new URL(`http://${host}/`))}:${number}`;
}

/** The host of a URL without the brackets of IPv6. URL parsing has already turned decimal, octal and hexadecimal forms into four decimals. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}
