import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sign, verifySignature } from "./signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const AT = new Date(1_614_265_330_000);
const BODY = '{"test": 2432232314}';

describe("a signature", () => {
  it("is the published example of the specification", () => {
    expect(sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("holds for what was signed, and for nothing that differs in a single place", () => {
    const printable = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(printable, fc.string(), fc.nat({ max: 2_000_000_000 }), fc.constantFrom("id", "body", "time", "signature", "secret"), (id, body, seconds, what) => {
        const now = new Date(seconds * 1000);
        const headers = sign(SECRET, id, now, body);
        expect(verifySignature(SECRET, headers, body, now)).toBe(true);
        expect(verifySignature(SECRET, { ...headers, "webhook-signature": `v1,${"A".repeat(43)}= ${headers["webhook-signature"]}` }, body, now)).toBe(true);
        const changed = {
          id: () => verifySignature(SECRET, { ...headers, "webhook-id": `${id}x` }, body, now),
          body: () => verifySignature(SECRET, headers, `${body} `, now),
          time: () => verifySignature(SECRET, { ...headers, "webhook-timestamp": String(seconds + 1) }, body, now),
          signature: () => verifySignature(SECRET, { ...headers, "webhook-signature": headers["webhook-signature"].replace(/^v1,./, (start) => (start === "v1,A" ? "v1,B" : "v1,A")) }, body, now),
          secret: () => verifySignature(`whsec_${Buffer.alloc(24).toString("base64")}`, headers, body, now),
        };
        expect(changed[what]()).toBe(false);
      }),
    );
  });

  it("is too old, or ahead, after five minutes, and wrong in another form", () => {
    const headers = sign(SECRET, "id", AT, BODY);
    const after = (seconds: number): boolean => verifySignature(SECRET, headers, BODY, new Date(AT.getTime() + seconds * 1000));
    expect([after(-301), after(-300), after(300), after(301)]).toEqual([false, true, true, false]);
    for (const signature of ["", "v1,", "v1a,x", headers["webhook-signature"].slice(3), headers["webhook-signature"].replace("v1", "v2")]) expect(verifySignature(SECRET, { ...headers, "webhook-signature": signature }, BODY, AT)).toBe(false);
    expect(verifySignature(SECRET, sign(SECRET, "id", new Date(Number.NaN), BODY), BODY, AT)).toBe(false);
    for (const timestamp of ["", "NaN", "1e9", "-1", " 1614265330", "1614265330.5"]) expect(verifySignature(SECRET, { ...headers, "webhook-timestamp": timestamp }, BODY, AT)).toBe(false);
  });
});
