import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeFrames, encodeFrame } from "./frame.ts";

const header = (id: number, bytes: number): Parameters<typeof encodeFrame>[0]["header"] => ({ id: String(id), source: "generic.json", sender: "token-1", key: null, bytes, at: 0, origin: null, heard: null, streamed: null });

it("reads what is whole of a segment that is cut anywhere, and takes the rest for a torn end", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }), fc.nat(), (bodies, cut) => {
      const frames = bodies.map((body, id) => Buffer.concat(encodeFrame({ header: header(id, body.length), body: Buffer.from(body) })));
      const whole = Buffer.concat(frames);
      const kept = whole.subarray(0, cut % (whole.length + 1));
      let fit = 0;
      for (let end = 0; fit < frames.length && (end += frames[fit]!.length) <= kept.length; fit++);
      const rest = kept.length - frames.slice(0, fit).reduce((sum, { length }) => sum + length, 0);
      const found = [...decodeFrames(kept)].map((each) => ("header" in each ? [each.header.id, Buffer.from(each.body)] : each));
      expect(found).toEqual([...bodies.slice(0, fit).map((body, id) => [String(id), Buffer.from(body)]), ...(rest > 0 ? [{ bytes: rest, inside: false }] : [])]);
    }),
  );
});
