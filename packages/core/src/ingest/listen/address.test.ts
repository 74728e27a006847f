import { describe, expect, it } from "vitest";
import { listenerAddress } from "./address.ts";
import { plainAddress, senders } from "./senders.ts";

describe("the address of a listener", () => {
  it("has a kind, an address of this machine, a port and settings", () => {
    expect(listenerAddress("udp://0.0.0.0:5514?from=10.0.0.0/8,192.0.2.7&from=2001:db8::/32")).toEqual({ url: "udp://0.0.0.0:5514", kind: "udp", host: "0.0.0.0", port: 5514, from: ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"], cert: null, key: null, ca: null });
    expect(listenerAddress("tls://[::]?cert=c.pem&key=k.pem&ca=ca.pem")).toEqual({ url: "tls://[::]:6514", kind: "tls", host: "::", port: 6514, from: [], cert: "c.pem", key: "k.pem", ca: "ca.pem" });
    expect(listenerAddress("tcp://127.0.0.1").port).toBe(514);
  });

  it.each(["5514", "http://127.0.0.1", "tcp://web1:514", "tcp://127.0.0.1:99999", "tcp://u:p@127.0.0.1", "tcp://127.0.0.1/x", "tcp://127.0.0.1?cert=c", "tls://127.0.0.1?cert=c", "udp://127.0.0.1?from=10.0.0.0/33", "udp://127.0.0.1?from=", "udp://127.0.0.1?from=ten/8"])("is none: %s", (text) => {
    expect(() => listenerAddress(text)).toThrow("is no address for syslog");
  });

  it("lets those send whom it names, by whatever name they come", () => {
    const may = senders(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
    expect(["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8::1%eth0"].map((each) => may(plainAddress(each)))).toEqual([true, true, true, true]);
    expect(["11.0.0.1", "192.0.2.8", "2001:db9::1", "", "x"].map((each) => may(plainAddress(each)))).toEqual([false, false, false, false, false]);
    expect(senders([])("192.0.2.8")).toBe(true);
  });
});
