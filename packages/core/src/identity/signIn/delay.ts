import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Failures older than this no longer count. */
export const WINDOW_MS = 60 * MINUTE;
/** So many failures on one account are free of delay… */
export const ACCOUNT_FAILURES = 5;
/** …and so many from one network, because a whole office may stand behind one address. */
export const NETWORK_FAILURES = 20;
const FIRST_DELAY_MS = 30 * SECOND;
const LONGEST_DELAY_MS = 15 * MINUTE;

/** How long after the newest of so many failures the next attempt has to wait, in milliseconds: 30 s after the last free one, twice that after each further, 15 min at most. */
export function delayAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - free, 10));
}

/** The network an address counts for: itself for IPv4, its /64 for IPv6, where one household has 2^64 addresses. Null for what is no address. */
export function networkOf(address: string | null): string | null {
  if (address === null || isIP(address) === 0) return null;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().replace(/%.*$/, "")}/64`).toString();
}
