import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { idOf, LoadBodies } from "./bodies.ts";

const without = (each: Record<string, unknown>[]): object[] => each.map((record) => ({ ...record, eventID: "", eventTime: "" }));

it("bodies hold their numbers in order, each record with the id and the time it was given, and nothing else is altered", () => {
  const bodies = new LoadBodies(20);
  const at = new Date("2026-11-21T08:00:00Z");
  const made = Array.from({ length: 24 }, (_, body) => bodies.next(body * 20, at));
  const records = made.map(({ bytes, gzip }) => (JSON.parse((gzip ? gunzipSync(bytes) : bytes).toString()) as { Records: Record<string, unknown>[] }).Records);
  records.forEach((each, body) => {
    expect(each.map(({ eventID }) => eventID)).toEqual(Array.from({ length: 20 }, (_, index) => idOf(body * 20 + index)));
    expect(new Set(each.map(({ eventTime }) => eventTime))).toEqual(new Set(["2026-11-21T08:00:00Z"]));
  });
  expect(made.filter(({ gzip }) => gzip)).toHaveLength(3);
  expect(without(records[16]!)).toEqual(without(records[0]!));
});
