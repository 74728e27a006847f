import ipaddr from "ipaddr.js";
import { isIP } from "node:net";

/** What IANA has allocated for the public IPv6 Internet (RFC 4291, 2.4). All else, such as the old `::a.b.c.d`, is nobody's public address. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");

/** Answers every machine of Azure on a public-looking address: metadata, DNS and the agent's secrets. */
const AZURE_PLATFORM = "168.63.129.16";

/**
 * Whether an address is a place on the public Internet. Loopback, private, link-local, shared, multicast and every other special
 * range of the IANA registries is not, nor is IPv6 that stands for IPv4 (mapped, translated, 6to4, Teredo): where it ends is not for us to say.
 *
 * @param address IPv4 in four decimals, or IPv6; anything else is not public
 */
export function isPublicAddress(address: string): boolean {
  // Checked first: ipaddr.js also reads the octal and hexadecimal forms, which a socket may read in another way.
  if (isIP(address) === 0 || address === AZURE_PLATFORM) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_UNICAST);
}
