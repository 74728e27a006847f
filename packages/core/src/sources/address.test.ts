import { isIP } from "node:net";
import { validate } from "@corduroy/ocsf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IP_PATTERN } from "./address.ts";

const pattern = new RegExp(`^(${IP_PATTERN})$`);
const isAccepted = (ip: string): boolean => !validate({ src_endpoint: { ip }, class_uid: 6003 }).some(({ path }) => path.startsWith("src_endpoint"));

describe("addresses", () => {
  it.each(["203.0.113.10", "::", "::1", "2001:db8::10", "1::", "1:2:3:4:5:6:7:8", "::ffff:203.0.113.10"])("%s is one", (text) => {
    expect(pattern.test(text)).toBe(true);
  });

  it.each(["", "AWS Internal", "s3.amazonaws.com", "225.01.00.16", "256.1.1.1", "1.2.3", "1:2:3:4:5:6:7:8:9", "1::2::3", "fe80::1%eth0", "203.0.113.10\n"])("%j is none", (text) => {
    expect(pattern.test(text)).toBe(false);
  });

  it("are found as Node finds them, and every one found is an address to OCSF", () => {
    const near = fc.string({ unit: fc.constantFrom("1", "f", "25", ":", ".", "::"), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (text) => {
        const found = pattern.test(text);
        if (found) expect(isAccepted(text)).toBe(true);
        // IPv4 inside IPv6: only the mapped form, so that no accepted text is longer than OCSF allows.
        if (!(text.includes(":") && text.includes("."))) expect(found).toBe(isIP(text) !== 0);
        else if (found) expect(isIP(text)).toBe(6);
      }),
      { numRuns: 2000 },
    );
  });
});
