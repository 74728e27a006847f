import { validate } from "@corduroy/ocsf";
import { describe, expect, it } from "vitest";
import { sourceById } from "../../sources/index.ts";
import { mapRecords } from "./test/mapRecords.ts";

describe("records of unknown origin as OCSF", () => {
  it("are base events that hold the whole record", async () => {
    const records = [
      { time: "2024-05-14T09:30:00Z", user: "anna", action: "login", src_ip: "203.0.113.10", detail: { size: 1e5, none: null } },
      { ts: 1715679000.25, nothing: "known" },
      {},
    ];
    const mapped = await mapRecords(sourceById("generic.json")!, records.map((record) => JSON.stringify(record)));
    expect(mapped.map(({ ocsf }) => ocsf)).toMatchObject([
      { class_uid: 0, time: Date.parse("2024-05-14T09:30:00Z"), message: "login", actor: { user: { name: "anna" } }, unmapped: records[0]! },
      { class_uid: 0, time: Date.parse("2024-05-14T09:30:00.250Z"), unmapped: records[1]! },
      { class_uid: 0, time: Date.parse("2024-01-01T00:00:00Z"), unmapped: {} },
    ]);
    expect(mapped.flatMap(({ ocsf }) => validate(ocsf))).toEqual([]);
  });

  it("keep names apart that differ only in case", async () => {
    const records = [{ User: "bob" }, { user: "anna" }, { user: "anna", User: "bob" }];
    const mapped = await mapRecords(sourceById("generic.json")!, records.map((record) => JSON.stringify(record)));
    expect(mapped.map(({ columns }) => columns["actor_name"])).toEqual(["bob", "anna", "anna"]);
  });
});
