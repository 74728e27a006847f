import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords } from "./test/mapRecords.ts";

const recordOf = (source: string, sample: string): JsonRecord => (JSON.parse(readFileSync(new URL(`../../sources/${source}/samples/${sample}.json`, import.meta.url), "utf8")) as { record: JsonRecord }).record;

/** What depends on where a record stands, or only one shape says. */
const OWN = ["line", "raw_data", "event_json", "event_uid", "event_hash"];

async function columnsOf(source: string, record: JsonRecord, without: readonly string[]): Promise<JsonRecord> {
  expect(recognise(record).source.id).toBe(source);
  const [mapped] = await mapRecords(sourceById(source)!, [JSON.stringify(record)]);
  return Object.fromEntries(Object.entries(mapped!.columns).filter(([name]) => ![...OWN, ...without].includes(name)));
}

const snake = (name: string): string => (name.includes(":") ? name : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
function inSnakeCase(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snake(name), inSnakeCase(inner)]));
}

describe("records of one source in several shapes", () => {
  it.each([
    ["entra.signin", "with-second-factor", ["account", "category", "result_signature"]],
    ["entra.signin", "guest-blocked-by-policy", ["account", "category", "result_signature"]],
    ["entra.signin", "service-principal", ["account", "category", "result_signature"]],
    ["entra.audit", "member-added-to-role", ["account"]],
    ["entra.audit", "role-activated-in-pim", ["account"]],
    ["entra.risk", "detection-dismissed", ["account"]],
  ])("have the same columns: %s, %s, as a diagnostic setting and as Graph has it", async (source, sample, without) => {
    const record = recordOf(source, sample);
    expect(await columnsOf(source, record["properties"] as JsonRecord, without)).toEqual(await columnsOf(source, record, without));
  });

  it("have the same columns: an incident of Privileged Identity Management by itself and in its alert", async () => {
    const alert = recordOf("entra.pimalert", "account-not-used-with-its-alert") as { alertIncidents: [JsonRecord] };
    const without = ["account", "time", "title", "description", "severity", "is_active"];
    expect(await columnsOf("entra.pimalert", alert.alertIncidents[0], without)).toEqual(await columnsOf("entra.pimalert", alert as unknown as JsonRecord, without));
  });

  it("have the same columns: Azure's activity as the REST API and as the Python SDK has it", async () => {
    const record = recordOf("azure.activity", "storage-keys-listed-by-guest");
    expect(await columnsOf("azure.activity", inSnakeCase(record) as JsonRecord, [])).toEqual(await columnsOf("azure.activity", record, []));
  });

  it("have the same columns: Azure's activity as the REST API and as a diagnostic setting has it", async () => {
    const rest = recordOf("azure.activity", "storage-keys-listed-by-guest") as Record<string, JsonRecord>;
    const diagnostic = {
      time: rest["eventTimestamp"], resourceId: rest["resourceId"], operationName: rest["operationName"]!["value"], category: "Administrative", resultType: "Succeeded", resultSignature: "OK", level: rest["level"],
      callerIpAddress: rest["httpRequest"]!["clientIpAddress"], correlationId: rest["correlationId"], tenantId: rest["tenantId"], identity: { authorization: rest["authorization"], claims: { ...rest["claims"], "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": rest["caller"] } },
    };
    expect(await columnsOf("azure.activity", diagnostic, [])).toEqual(await columnsOf("azure.activity", rest, []));
  });

  it("name one person in one way", async () => {
    const names = ["Anna@corp.example", "anna_corp.example#EXT#@other.onmicrosoft.example", "live.com#anna@corp.example", "other.example#ANNA@corp.example"];
    const caller = (name: string): string => JSON.stringify({ ...recordOf("azure.activity", "access-elevated"), caller: name, claims: {} });
    const signIn = (name: string): string => JSON.stringify({ ...recordOf("entra.signin", "wrong-password-from-graph"), userPrincipalName: name });
    const keys = [...(await mapRecords(sourceById("azure.activity")!, names.map(caller))), ...(await mapRecords(sourceById("entra.signin")!, names.map(signIn)))].map(({ columns }) => columns["entity_key"]);
    expect(new Set(keys)).toEqual(new Set(["person:anna@corp.example"]));
  });
});
