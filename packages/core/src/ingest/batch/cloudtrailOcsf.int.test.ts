import { readdirSync, readFileSync } from "node:fs";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

/** An invented record, what it is about, and what becomes of it. */
interface Sample {
  about: string;
  record: JsonRecord;
  entity: string;
  ocsf: JsonRecord;
}

const folder = new URL("../../sources/aws.cloudtrail/samples/", import.meta.url);
const names = readdirSync(folder).sort();
const samples = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Sample);

describe("CloudTrail records as OCSF", () => {
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("aws.cloudtrail")!, samples.map(({ record }) => JSON.stringify(record)));
  });

  it.each(names.map((name, index) => ({ name: name.replace(".json", ""), index })))("$name", ({ index }) => {
    const { ocsf, entity } = samples[index]!;
    expect(mapped[index]!.ocsf).toEqual(ocsf);
    expect(mapped[index]!.columns["entity_key"]).toBe(entity);
    expect(validate(mapped[index]!.ocsf)).toEqual([]);
  });
});
