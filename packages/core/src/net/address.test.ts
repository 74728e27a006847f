import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./address.ts";

/** Everything that is not the public Internet, from the IANA special-purpose registries, by hand and by number. */
const CLOSED_V4: [string, number][] = [
  ["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12], ["192.0.0.0", 24], ["192.0.2.0", 24], ["192.31.196.0", 24],
  ["192.52.193.0", 24], ["192.88.99.0", 24], ["192.168.0.0", 16], ["192.175.48.0", 24], ["198.18.0.0", 15], ["198.51.100.0", 24], ["203.0.113.0", 24], ["224.0.0.0", 4], ["240.0.0.0", 4], ["168.63.129.16", 32],
];
const CLOSED_V6: [bigint, number][] = [
  [0x2001n << 112n, 23], [(0x2001n << 112n) | (0xdb8n << 96n), 32], [0x2002n << 112n, 16], [(0x2620n << 112n) | (0x4fn << 96n) | (0x8000n << 80n), 48], [0x3fffn << 112n, 20],
];

const v4Number = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const v4Text = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
const v6Text = (number: bigint): string => Array.from({ length: 8 }, (_, group) => ((number >> BigInt(112 - group * 16)) & 0xffffn).toString(16)).join(":");

function naivelyPublicV4(number: number): boolean {
  return !CLOSED_V4.some(([base, bits]) => Math.floor(number / 2 ** (32 - bits)) === Math.floor(v4Number(base) / 2 ** (32 - bits)));
}

/** Only 2000::/3 is allocated; some of it is special again. */
function naivelyPublicV6(number: bigint): boolean {
  return number >> 125n === 1n && !CLOSED_V6.some(([base, bits]) => number >> BigInt(128 - bits) === base >> BigInt(128 - bits));
}

describe("an address", () => {
  it("is public or not as a naive list of networks says, at random and at every network's edges", () => {
    const edges = CLOSED_V4.flatMap(([base, bits]) => [-1, 0, 1, 2 ** (32 - bits) - 1, 2 ** (32 - bits)].map((step) => v4Number(base) + step)).filter((number) => number >= 0 && number < 2 ** 32);
    for (const number of edges) expect([v4Text(number), isPublicAddress(v4Text(number))]).toEqual([v4Text(number), naivelyPublicV4(number)]);
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => isPublicAddress(v4Text(number)) === naivelyPublicV4(number)), { numRuns: 5000 });
  });

  it("of IPv6 too, and with the bits of every special network in front", () => {
    const bases = [...CLOSED_V6.map(([base]) => base), 0n, 1n, 0xffffn << 32n, 0xffffn << 48n, 0x64ff9bn << 96n, 0xfe80n << 112n, 0xfc00n << 112n, 0xff02n << 112n, 0x100n << 112n, 0x2600n << 112n];
    const below = fc.tuple(fc.constantFrom(...bases), fc.constantFrom(0n, 16n, 32n, 64n, 96n, 112n, 128n), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })).map(([base, bits, rest]) => base | (bits === 0n ? 0n : rest & ((1n << bits) - 1n)));
    fc.assert(fc.property(below, (number) => isPublicAddress(v6Text(number)) === naivelyPublicV6(number)), { numRuns: 5000 });
    for (const [base, bits] of CLOSED_V6) {
      const size = 1n << BigInt(128 - bits);
      for (const number of [base - 1n, base, base + size - 1n, base + size]) expect([v6Text(number), isPublicAddress(v6Text(number))]).toEqual([v6Text(number), naivelyPublicV6(number)]);
    }
  });

  it("that is no address in its plain form is not public", () => {
    for (const text of ["", "8.8.8", "010.8.8.8", "0x8.8.8.8", "134744072", "example.com", "8.8.8.8 ", "8.8.8.8/8", "2600::1%eth0 ", "::ffff:8.8.8.8", "2600::g"]) expect([text, isPublicAddress(text)]).toEqual([text, false]);
    for (const text of ["8.8.8.8", "93.184.215.14", "2600::1", "2a00:1450:4001::200e"]) expect([text, isPublicAddress(text)]).toEqual([text, true]);
  });
});
