import { clipped } from "../kernel/index.ts";

/** A URL for messages and logs: scheme, host and port. Path, query, fragment and credentials may be secrets, and in a webhook they are. */
export function redacted(url: string): string {
  if (!URL.canParse(url)) return "an address that is no URL";
  const { protocol, host } = new URL(url);
  return clipped(host === "" ? protocol : `${protocol}//${host}`, 200);
}
