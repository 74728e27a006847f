import { existsSync, readdirSync, readFileSync } from "node:fs";
import { validate } from "@corduroy/ocsf";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { mayTellOfPeople, recognise, recogniseLine, sources, type JsonRecord, type SourceDefinition } from "../../sources/index.ts";
import { fuzzed } from "./test/fuzzed.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

/** An invented record, what it is about, whom a finding would be about, and what matters of its OCSF form. */
interface Sample {
  about: string;
  record: JsonRecord | string;
  entity: string;
  ocsf: JsonRecord;
}

/** An e-mail address, or an IPv4 address. */
const PERSONAL = /[\w.+-]+@[\w-]+\.[a-z]{2,}|\b\d{1,3}(?:\.\d{1,3}){3}\b/i;
const PEOPLE = ["address", "actor_name", "actor_email", "user_name", "target_user", "entity_name"];
const isMachine = ({ entity_kind: kind }: JsonRecord): boolean => kind === "role" || kind === "service" || kind === "account" || kind === "unknown";
const folderOf = (source: SourceDefinition): URL => new URL(`../../sources/${source.id}/samples/`, import.meta.url);
const sampled = sources.filter((source) => existsSync(folderOf(source)));

describe.each(sampled.map((source) => ({ id: source.id, source })))("samples of $id", ({ source }) => {
  const folder = folderOf(source);
  const names = readdirSync(folder).sort();
  const samples = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Sample);
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(source, samples.map(({ record }) => written(record)));
  });

  it.each(names.map((name, index) => ({ name: name.replace(".json", ""), index })))("$name", ({ index }) => {
    const { record, ocsf, entity } = samples[index]!;
    expect((typeof record === "string" ? recogniseLine(record) : recognise(record).source).id).toBe(source.id);
    expect(mapped[index]!.ocsf).toMatchObject(ocsf);
    expect(mapped[index]!.columns["entity_key"]).toBe(entity);
    expect(validate(mapped[index]!.ocsf)).toEqual([]);
  });

  it("tells of nobody in the columns that are never hidden", () => {
    for (const { columns } of mapped) {
      // What is called like a machine may be told of.
      const people = PEOPLE.flatMap((name) => (typeof columns[name] === "string" && columns[name].length > 2 && !isMachine(columns) ? [columns[name]] : []));
      const open = source.columns.filter(({ name, type, stored }) => stored !== false && type === "VARCHAR" && !mayTellOfPeople(name, type));
      const told = open.map(({ name }) => [name, columns[name]]).filter(([, value]) => typeof value === "string" && (people.includes(value) || PERSONAL.test(value)));
      expect(told).toEqual([]);
    }
  });

  it("stays valid whatever stands in the fields", async () => {
    if (source.text !== null) return staysValid(source, linesLike(samples.map(({ record }) => written(record))));
    const texts = [...new Set(samples.flatMap(({ record }) => leaves(record)))];
    const value = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...texts) }, fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ stringUnit: "binary" }), fc.ipV6());
    const record = fc.array(fc.tuple(fc.constantFrom(...Object.values(source.fields)), value), { maxLength: 24 }).map((places) => recordOf(places));
    return staysValid(source, fuzzed(record, 1000).map(written));
  });
});

async function staysValid(source: SourceDefinition, texts: readonly string[]): Promise<void> {
  const events = await mapRecords(source, texts);
  expect(events).toHaveLength(texts.length);
  events.forEach(({ ocsf }, index) => expect({ text: texts[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
}

function written(record: unknown): string {
  return typeof record === "string" ? record : JSON.stringify(record);
}

/** Lines made of pieces of these, with anything in between. */
function linesLike(lines: readonly string[]): string[] {
  const pieces = lines.flatMap((line) => line.split(/(?<=[ "[\]])/));
  const noise = fc.string({ unit: "binary", maxLength: 6 }).map((text) => text.replaceAll("\n", " "));
  const whole = fc.tuple(fc.constantFrom(...lines), fc.nat(), noise).map(([line, at, text]) => line.slice(0, at % line.length) + text + line.slice(at % line.length));
  const mixed = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, noise), { minLength: 1, maxLength: 16 }).map((some) => some.join(""));
  return fuzzed(fc.oneof(whole, mixed).map((line) => Buffer.from(line).toString()), 1000);
}

function leaves(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/** A record with these values at these JSON pointers. */
function recordOf(places: readonly (readonly [pointer: string, value: unknown])[]): JsonRecord {
  const record: Record<string, unknown> = {};
  for (const [pointer, value] of places) {
    const keys = pointer.slice(1).split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    let at: Record<string, unknown> | unknown[] = record;
    keys.forEach((key, index) => {
      const next = keys[index + 1];
      const inner = (at as Record<string, unknown>)[key];
      if (next === undefined) (at as Record<string, unknown>)[key] = value;
      else if (typeof inner === "object" && inner !== null) at = inner as Record<string, unknown>;
      else at = ((at as Record<string, unknown>)[key] = /^\d+$/.test(next) ? [] : {}) as Record<string, unknown>;
    });
  }
  return record;
}
