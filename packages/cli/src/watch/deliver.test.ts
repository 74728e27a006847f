import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Unavailable } from "@corduroy/core/kernel";
import { describe, expect, it } from "vitest";
import { deliver, retryAfter, type Way } from "./deliver.ts";
import type { Followed } from "./journal.ts";

const piece = { from: 7, apart: false, body: Buffer.from('{"a":1}\n') };
const after: Followed = {
  version: "v1", object: "/logs/a b.log", source: "generic.json", path: "/logs/a b.log", file: "1:2:3", packed: false, size: 8, modified: 1, rested: false, place: { records: 7, bytes: 8, midline: false },
  marks: { headBytes: 8, head: "", tailFrom: 0, tailTo: 8, tail: "" }, at: 0,
};

const PROXY = { "Content-Type": "text/html" };
type Answer = [status: number, headers?: Record<string, string>] | Error;

/** A service that gives these answers in turn, and what it was sent. */
function way(answers: Answer[]): { way: Way; paths: string[]; bodies: Uint8Array[]; waits: number[]; told: (string | null)[] } {
  const seen = { paths: [] as string[], bodies: [] as Uint8Array[], waits: [] as number[], told: [] as (string | null)[] };
  return {
    ...seen,
    way: {
      service: {
        origin: "http://127.0.0.1",
        send: async (path, { body }) => {
          seen.paths.push(path);
          seen.bodies.push(body as Uint8Array);
          const answer = answers.shift()!;
          if (answer instanceof Error) throw answer;
          const [status, headers = {}] = answer;
          return Response.json({ type: "about:blank", title: "", status, detail: `It says ${status}.`, hint: "Do this." }, { status, headers: { "Content-Type": "application/problem+json; charset=utf-8", ...headers } });
        },
      },
      pause: async (milliseconds) => void seen.waits.push(milliseconds),
      trouble: (text) => void seen.told.push(text),
    },
  };
}

describe("deliver", () => {
  it("names the body by its place", async () => {
    const { way: there, paths } = way([[202]]);
    expect(await deliver(there, piece, after)).toBeNull();
    expect(paths).toEqual(["/v1/events/generic.json?object=%2Flogs%2Fa+b.log&version=v1&from=7"]);
  });

  it("gives what is no record a version of its own", async () => {
    const { way: there, paths } = way([[202]]);
    await deliver(there, { ...piece, apart: true }, after);
    expect(paths[0]).toContain("version=v1-7&");
  });

  it("tries again until it works: as long as it is asked to wait, else longer and longer", async () => {
    const { way: there, waits, told, bodies } = way([new Unavailable("No answer."), [503], [429, { "Retry-After": "3" }], [502], [202]]);
    expect(await deliver(there, piece, after)).toBeNull();
    expect(waits).toEqual([500, 1_000, 3_000, 4_000]);
    expect(told).toEqual(["No answer.", "It says 503.", "It says 429.", "It says 502.", null]);
    expect(new Set(bodies).size).toBe(1);
  });

  it.each([400, 401, 403, 404, 409])("ends at %d, in the words of the service", async (status) => {
    await expect(deliver(way([[status]]).way, piece, after)).rejects.toThrow(`The service refuses events of generic.json from /logs/a b.log: It says ${status}.`);
  });

  it("leaves out one record that the service itself finds too large, or that is larger than it takes", async () => {
    expect(await deliver(way([[413]]).way, piece, after)).toEqual([]);
    expect(await deliver(way([[413, PROXY]]).way, { ...piece, body: randomBytes(17 * 1024 * 1024), apart: true }, after)).toEqual([]);
  });

  it("never leaves out what something in front of the service finds too large", async () => {
    await expect(deliver(way([[413, PROXY]]).way, piece, after)).rejects.toThrow("Something in front of the service at http://127.0.0.1 refuses record 7 of /logs/a b.log: 8 bytes");
  });

  it.each([["the service", {}], ["something in front of it", { "Content-Type": "text/html" }]])("divides what has several records where it is too large for %s", async (_, headers) => {
    const body = Buffer.from('{"a":1}\n\n{"a":2}\n{"a":3}\n');
    const parts = await deliver(way([[413, headers]]).way, { ...piece, body }, after);
    expect(parts?.map(({ from, body: part }) => [from, String(part)])).toEqual([[7, '{"a":1}\n\n{"a":2}\n'], [10, '{"a":3}\n']]);
  });

  it("packs a large record", async () => {
    const { way: there, bodies } = way([[202]]);
    const body = Buffer.alloc(9 * 1024 * 1024, "a");
    await deliver(there, { ...piece, body }, after);
    expect(bodies[0]!.length).toBeLessThan(1024 * 1024);
    expect(gunzipSync(bodies[0]!).equals(body)).toBe(true);
  });
});

describe("retryAfter", () => {
  it.each([["0", 0], ["5", 5_000], ["999999", 300_000], [null, null], ["soon", null], ["-1", null], ["Fri, 20 Nov 2026 00:00:00 GMT", null]])("%s", (header, milliseconds) => expect(retryAfter(header)).toBe(milliseconds));
});
