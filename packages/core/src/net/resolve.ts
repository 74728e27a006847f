import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Forbidden, Unavailable } from "../kernel/index.ts";
import { isPublicAddress } from "./address.ts";

/** Gives all addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The system's own resolver, `/etc/hosts` included. */
export const systemResolver: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Addresses of one name that are tried at most. */
const MOST_ADDRESSES = 16;

/**
 * Resolves a host, once, and checks what comes back. The connection then goes to these addresses and nowhere else: a name that
 * answers differently the second time (DNS rebinding) is not asked a second time.
 *
 * @param listed whether the destination is on the allow-list, which lets every address pass
 * @throws {Forbidden} when one of the addresses is not public; one is enough, for no honest public name mixes the two
 * @throws {Unavailable} when the name does not resolve
 */
export async function checkedAddresses(host: string, listed: boolean, resolve: Resolve): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await resolved(host, resolve) : [host];
  if (!listed && !addresses.every(isPublicAddress)) {
    throw new Forbidden(`${host} is not on the public Internet, and requests go nowhere else by themselves.`, {
      hint: "If it is a destination inside the company, put its host:port on the allow-list.",
    });
  }
  return addresses;
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = await resolve(host).catch(() => []);
  const usable = addresses.slice(0, MOST_ADDRESSES);
  if (usable.length === 0) {
    throw new Unavailable(`The name ${host} does not resolve to an address.`, { hint: "Check the spelling, and that this machine can ask its DNS server." });
  }
  return usable;
}

/** For a socket: in place of a DNS lookup, the addresses that were checked. */
export function fixedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all === true) callback(null, all);
    else callback(null, all[0]?.address ?? "", all[0]?.family ?? 0);
  };
}
