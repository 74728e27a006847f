import ipaddr from "ipaddr.js";
import type { TextTest } from "./tree.ts";
import { ValueError } from "./value-error.ts";

/** The test for a network in CIDR notation, IPv4 or IPv6; an address alone is a network of one. Throws `ValueError`. */
export function cidrTest(text: string): TextTest {
  const [address = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || !(ipaddr.IPv4.isValidFourPartDecimal(address) || (ipaddr.IPv6.isValid(address) && !address.includes("%"))))
    throw new ValueError(`"${text}" is not a network`, "write it like 10.0.0.0/8 or 2001:db8::/32");
  const bytes = ipaddr.parse(address).toByteArray();
  const bits = length === undefined ? bytes.length * 8 : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (!(bits <= bytes.length * 8)) throw new ValueError(`"${text}" has no valid prefix length`, `between 0 and ${bytes.length * 8}`);
  const network = bytes.map((byte, index) => byte & (0xff00 >> Math.min(Math.max(bits - index * 8, 0), 8)) & 0xff);
  if (network.some((byte, index) => byte !== bytes[index]))
    throw new ValueError(`"${text}" has bits set behind its prefix`, `did you mean ${ipaddr.fromByteArray(network).toString()}/${bits}?`);
  return { kind: "cidr", bytes, bits };
}
