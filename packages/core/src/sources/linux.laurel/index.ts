import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columnsOf } from "../linux.auditd/columns.ts";
import { ocsf } from "../linux.auditd/ocsf.ts";
import { audited } from "./json.ts";

const ID = String.raw`\d{1,12}\.\d{3}:\d{1,20}`;
const isId = new RegExp(`^${ID}$`);

/** Events of the Linux audit system as LAUREL writes them: one JSON object an event, with a member for each type of record. */
export const linuxLaurel: SourceDefinition = {
  id: "linux.laurel",
  title: "Linux audit (LAUREL)",
  logsource: { product: "linux", service: "auditd" },
  text: null,
  recognises,
  fits: `regexp_full_match("@ID", '${ID}')`,
  fields: { ID: "/ID", NODE: "/NODE" },
  sigmaNames: {},
  keyFields: [],
  columns: columnsOf(audited).map((column) => (column.field === undefined ? column : { ...column, whole: true })),
  ocsf,
};

function recognises(record: JsonRecord): boolean {
  if (typeof record["ID"] !== "string" || !isId.test(record["ID"])) return false;
  return Object.entries(record).some(([name, value]) => name !== "ID" && /^[A-Z][A-Z0-9_]*(?:\[\d+\])?$/.test(name) && typeof value === "object" && value !== null);
}
