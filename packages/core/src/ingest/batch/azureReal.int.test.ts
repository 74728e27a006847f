import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

/** Read off the records by eye: the line of the file, and what it says. */
interface Expectation {
  file: string;
  line: number;
  columns: JsonRecord;
}

const PANTHER = "panther/Azure.MonitorActivity.jsonl";
const SCALE = "/subscriptions/12345678-1234-1234-1234-123456789abc/resourceGroups";

const EXPECTATIONS: Record<string, readonly Expectation[]> = {
  "azure.activity": [
    {
      file: PANTHER, line: 55,
      columns: { time: "2024-12-17 10:30:00", operation: "Microsoft.Storage/storageAccounts/blobServices/write", entity_key: "person:denethor@lotr.com", address: "1.1.1.1", outcome: "success", account: "12345678-1234-1234-1234-123456789abc", resource: `${SCALE}/myresourcegroup/providers/Microsoft.Storage/storageAccounts/mystorageaccount/blobServices/default`, class_uid: 6003, activity_id: 3 },
    },
    {
      file: PANTHER, line: 40,
      columns: { time: "2025-01-27 17:00:00", operation: "MICROSOFT.AUTHORIZATION/LOCKS/DELETE", entity_key: "address:198.18.0.50", address: "198.18.0.50", outcome: "403", account: "12345678-1234-1234-1234-123456789abc", resource: `${SCALE}/protected-rg/providers/Microsoft.Authorization/locks/CriticalLock`, class_uid: 6003, activity_id: 4 },
    },
    {
      file: "plaso/azure_activity_log.jsonl", line: 4,
      columns: { time: "2022-02-09 03:00:37.136728", operation: "Microsoft.Compute/virtualMachines/write", entity_key: "person:fakeemail@fakedomain.com", address: "1.2.3.4", status_id: 0, account: "12345678-9abc-defg-hijk-lmnopqrstuvw", resource: "/subscriptions/12345678-9abc-defg-hijk-lmnopqrstuvw/resourcegroups/test-resource-group/providers/Microsoft.Compute/virtualMachines/test-vm" },
    },
  ],
  "azure.diagnostics": [
    { file: PANTHER, line: 62, columns: { time: "2024-12-19 19:15:07.295", operation: "GetBlobMetadata", entity_key: "address:1.1.1.1", address: "1.1.1.1", outcome: "BlobUsesCustomerSpecifiedEncryption", status_id: 2, account: "12345678-1234-1234-1234-123456789abc", region: "westus2", resource: "/mystorageaccount/corporate-files/documents/internal_doc_8.txt.ENCRYPTED", access_key: "key1(EXAMPLE_HASH)", activity_id: 2 } },
    { file: PANTHER, line: 60, columns: { time: "2025-01-28 18:01:00", operation: "PutBlob", address: "10.0.0.1", outcome: "success", region: "eastus", activity_id: 1 } },
    { file: PANTHER, line: 61, columns: { operation: "GetBlob", entity_key: "address:9.9.9.9", outcome: "AuthorizationFailure", status_id: 2 } },
  ],
  "entra.signin": [
    { file: "panther/Azure.Audit.jsonl", line: 3, columns: { time: "2025-01-15 09:30:45.123", operation: "Sign-in activity", entity_key: "person:aragorn@lotr.com", address: "2.2.2.2", outcome: "success", account: "tenant-123", service: "Microsoft Graph", resource: "Microsoft Authentication Broker", protocol: "deviceCode" } },
    { file: "panther/Azure.Audit.jsonl", line: 12, columns: { time: "2025-01-15 14:23:10.123456", entity_key: "person:john@justice.org", address: "4.4.4.4", outcome: "success", account: "tenant-id-123", service: "Microsoft 365", country: "RU", risk_state: "atRisk", risk_level: "high" } },
    { file: "panther/Azure.Audit.jsonl", line: 18, columns: { outcome: "50126", status_id: 2, result_type: "50126", protocol: "ropc", user_agent: "curl/7.68.0" } },
  ],
  "entra.audit": [
    { file: "panther/Azure.Audit.jsonl", line: 14, columns: { time: "2024-11-27 02:22:58.727028", operation: "Delete conditional access policy", entity_key: "person:aragorn@lotr.com", address: "1.2.3.4", outcome: "success", account: "12341234", service: "Conditional Access", resource: "Outside MFA", class_uid: 3004, activity_id: 4 } },
    { file: "panther/Azure.Audit.jsonl", line: 5, columns: { time: "2025-01-15 09:30:25.123456", operation: "Set federation settings on domain", entity_key: "person:frodo@lotr.com", address: "2.2.2.2", outcome: "success", account: "tenant-123", class_uid: 3004, activity_id: 3 } },
    { file: "panther/Azure.Audit.jsonl", line: 8, columns: { operation: "Delete role assignment", entity_key: "person:secadmin@company.com", address: "198.51.100.150", outcome: "success", account: "tenant-def", resource: "former@company.com", class_uid: 3005, activity_id: 2 } },
  ],
};

/** How many records are of which source. */
const COUNTS: Record<string, Record<string, number>> = {
  "azure-activity": { "azure.activity": 77, "azure.diagnostics": 7, "kubernetes.audit": 13 },
  "entra-id": { "entra.audit": 9, "entra.signin": 11 },
};

describe.skipIf(!samples).each(Object.keys(COUNTS))("real records of %s", (folder) => {
  const lines = new Map<string, number>();
  const all = (samples ? sampleRecords(join(samples, folder)) : []).map(({ file, record }) => {
    lines.set(file, (lines.get(file) ?? 0) + 1);
    return { file, line: lines.get(file)!, record: (record["log"] ?? record) as JsonRecord };
  });
  const mapped = new Map<string, Mapped>();
  const bySource = new Map<string, typeof all>();
  for (const one of all) {
    const { id } = recognise(one.record).source;
    bySource.set(id, [...(bySource.get(id) ?? []), one]);
  }

  beforeAll(async () => {
    for (const [id, own] of bySource) {
      const events = await mapRecords(sourceById(id)!, own.map(({ record }) => JSON.stringify(record)));
      events.forEach((event, index) => mapped.set(`${own[index]!.file} ${own[index]!.line}`, event));
    }
  });

  it("tell their source", () => {
    expect(Object.fromEntries([...bySource].map(([id, own]) => [id, own.length]))).toEqual(COUNTS[folder]);
  });

  it("validate with zero problems", () => {
    expect([...mapped].flatMap(([place, { ocsf }]) => validate(ocsf).map((problem) => ({ place, problem })))).toEqual([]);
  });

  it("say what they say", () => {
    for (const [id, own] of bySource) for (const { file, line, columns } of EXPECTATIONS[id] ?? []) expect({ own: own.length, ...mapped.get(`${file} ${line}`)!.columns }).toMatchObject(columns);
  });
});
