import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { estate } from "./estate.ts";

type Fields = Readonly<Record<string, unknown>>;

const samples = process.env["CORDUROY_SAMPLES"];

/** The records of a real trail, in the order of their fields. */
function realRecords(folder: string): Fields[] {
  return readdirSync(folder).flatMap((name) => (JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { Records: Fields[] }).Records);
}

function madeRecords(): Fields[] {
  const records: Fields[] = [];
  for (const file of estate({ seed: 21, day: "2026-11-18", events: 8000, breach: false }).files()) {
    for (const text of file.records) records.push(JSON.parse(text) as Fields);
  }
  return records;
}

/** `a>b` for every pair of fields in which a comes before b in some record. */
function orders(records: readonly Fields[]): Set<string> {
  const pairs = new Set<string>();
  for (const shape of new Set(records.map((record) => Object.keys(record).join(">")))) {
    const keys = shape.split(">");
    keys.forEach((key, index) => {
      for (const later of keys.slice(index + 1)) pairs.add(`${key}>${later}`);
    });
  }
  return pairs;
}

const within =
  (...steps: readonly string[]) =>
  (record: Fields): Fields =>
    steps.reduce<Fields>((value, step) => (value[step] ?? {}) as Fields, record);

const rate = (records: readonly Fields[], has: (record: Fields) => boolean): number => records.filter(has).length / records.length;

/** The record size that this part of the records stays below. */
function size(records: readonly Fields[], part: number): number {
  const sizes = records.map((record) => JSON.stringify(record).length).sort((left, right) => left - right);
  return sizes[Math.floor(sizes.length * part)] ?? 0;
}

describe.skipIf(samples === undefined)("beside a real trail", () => {
  // The body of a skipped suite still runs.
  const real = samples === undefined ? [] : realRecords(path.join(samples, "aws-cloudtrail", "invictus"));
  const made = samples === undefined ? [] : madeRecords();

  it("orders the fields of a record and of its parts as AWS does", () => {
    for (const part of [within(), within("userIdentity"), within("userIdentity", "sessionContext"), within("tlsDetails"), within("additionalEventData")]) {
      const known = orders(real.map(part));
      for (const pair of orders(made.map(part))) {
        const [first = "", second = ""] = pair.split(">");
        if (known.has(`${second}>${first}`) && !known.has(pair)) expect.fail(`${pair} is the other way round in a real trail`);
      }
    }
  });

  it("has every field that real records always have", () => {
    const always = Object.keys(real[0] ?? {}).filter((key) => real.every((record) => key in record));
    expect(always.length).toBeGreaterThan(12);
    for (const key of always) expect([key, rate(made, (record) => key in record)]).toEqual([key, 1]);
  });

  // The real trail is one account in a lab, mostly IAM users running Terraform and an attack tool; ours is a company of roles.
  // So sessions, endpoints, S3 details and errors differ on purpose, and the others may differ by 0.15, resources by 0.4.
  it.each([
    ["requestID", 0.15],
    ["tlsDetails", 0.15],
    ["errorCode", 0.15],
    ["additionalEventData", 0.15],
    ["vpcEndpointId", 0.15],
    ["sharedEventID", 0.15],
    ["resources", 0.4],
  ])("carries %s about as often", (field, tolerance) => {
    expect(Math.abs(rate(made, (record) => field in record) - rate(real, (record) => field in record))).toBeLessThan(tolerance);
  });

  it.each(["responseElements", "requestParameters"])("leaves %s null about as often", (field) => {
    expect(Math.abs(rate(made, (record) => record[field] === null) - rate(real, (record) => record[field] === null))).toBeLessThan(0.15);
  });

  it("has records of a real size, and as wide a spread of them", () => {
    for (const part of [0.05, 0.5, 0.95]) {
      const ratio = size(made, part) / size(real, part);
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.5);
    }
  });
});
