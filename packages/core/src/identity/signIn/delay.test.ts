import fc from "fast-check";
import { expect, it } from "vitest";
import { ACCOUNT_FAILURES, delayAfter, networkOf, NETWORK_FAILURES } from "./delay.ts";

it("is nothing for five failures' worth of mistakes, then grows to fifteen minutes and no further", () => {
  const minutes = [0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 1_000_000].map((failures) => delayAfter(failures, ACCOUNT_FAILURES) / 60_000);
  expect(minutes).toEqual([0, 0, 0, 0.5, 1, 2, 4, 8, 15, 15, 15]);
  expect([delayAfter(19, NETWORK_FAILURES), delayAfter(20, NETWORK_FAILURES)]).toEqual([0, 30_000]);
  fc.assert(fc.property(fc.nat(), fc.nat(), (failures, more) => {
    expect(delayAfter(failures + more, 5)).toBeGreaterThanOrEqual(delayAfter(failures, 5));
  }));
});

it("counts an IPv4 address for itself and an IPv6 one for its /64", () => {
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::");
  expect(networkOf("2001:db8:1:2:ffff::1")).toBe(networkOf("2001:db8:1:2:3:4:5:6"));
  expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
  expect(networkOf("fe80::1%eth0")).toBe("fe80::");
  expect([networkOf(null), networkOf(""), networkOf("unix"), networkOf("1.2.3")]).toEqual([null, null, null, null]);
});
