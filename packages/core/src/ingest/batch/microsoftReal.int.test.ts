import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { describe, expect, it } from "vitest";
import { recognise, sourceById } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

describe.skipIf(!samples)("real records of an Application Gateway", () => {
  const records = samples ? sampleRecords(join(samples, "azure-appgw")).map(({ record }) => record) : [];

  it("are told without a label, and say what they say", async () => {
    expect(records).toHaveLength(2);
    expect(records.map((record) => recognise(record).source.id)).toEqual(["azure.appgw", "azure.appgw"]);
    const mapped = await mapRecords(sourceById("azure.appgw")!, records.map((record) => JSON.stringify(record)));
    expect(mapped.map(({ ocsf }) => validate(ocsf))).toEqual([[], []]);
    expect(mapped.map(({ columns }) => columns)).toMatchObject([
      { time: "2021-10-14 22:17:11", entity_key: "address:185.42.129.24", address: "185.42.129.24", operation: "GET", outcome: "success", status: "200", resource: "/", service: "20.110.30.194", account: "{subscriptionid}", backend: "52.239.221.65:443" },
      { time: "2021-10-14 22:17:12", entity_key: "address:185.42.129.24", address: "185.42.129.24", operation: "GET", outcome: "400", status: "400", status_id: 2, resource: "/" },
    ]);
  });
});
