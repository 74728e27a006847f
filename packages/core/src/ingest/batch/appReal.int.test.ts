import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { parseRecord, recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

/** Lines of JSON among comments and lists of addresses. */
function records(folder: string): { file: string; record: JsonRecord }[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".txt")).sort();
  return files.flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n").map(parseRecord).filter((record) => record !== null).map((record) => ({ file, record })));
}

describe.skipIf(!samples)("real events of Mozilla's services", () => {
  const all = samples ? records(join(samples, "app-json/foxsec")) : [];
  const events = all.filter(({ record }) => record["secevent_version"] === undefined);
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("app.event")!, events.map(({ record }) => JSON.stringify(record)));
  });

  it("are recognised without a label, and what is in another envelope is not", () => {
    expect(all.map(({ record }) => recognise(record).source.id).filter((id) => id === "app.event")).toHaveLength(254);
    expect(events.filter(({ record }) => recognise(record).source.id !== "app.event")).toEqual([]);
    expect(all.filter(({ record }) => recognise(record).source.id === "generic.json")).toHaveLength(10);
  });

  it("give valid OCSF events", () => {
    expect(mapped).toHaveLength(events.length);
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ file: events[index]!.file, problem })))).toEqual([]);
  });

  const read = (file: string, nth = 0): JsonRecord => mapped[events.map((each, index) => ({ ...each, index })).filter((each) => each.file.endsWith(file))[nth]!.index]!.columns;

  it.each([
    ["customs_velocity1.txt", 1, { time: "1970-01-01 00:00:03", operation: "request.summary", entity_key: "person:riker@mozilla.com", address: "216.160.83.56", outcome: "success", resource: "/v1/account/login", service: "fxa-auth-server", activity_id: 1, account: null }],
    ["customs_rl_badlogin_simple1.txt", 0, { entity_key: "person:spock@mozilla.com", address: "216.160.83.56", outcome: "103", status_id: 2, response_code: "400", actor_uid: "00", severity: "info" }],
    ["amo_fxaaliasabuse/dotnormalizationabuse.txt", 0, { time: "2021-08-31 02:28:40.552682", operation: "accounts", entity_key: "address:1.2.3.4", address: "1.2.3.4", outcome: null, message: "Logging in FxA user test12345@example-email.com", host: "test-ec2.region.compute.internal", account: null }],
    ["customs_contentserver2.txt", 0, { time: "1970-01-01 00:11:00", operation: "server.requests.route", entity_key: "address:192.168.0.1", outcome: "success", resource: "/.well-known/openid-configuration", user_agent: "MozacFetch/54.0.6", activity_id: 2 }],
  ])("say what they say: %s %i", (file, nth, columns) => expect(read(file, nth)).toMatchObject(columns));
});
