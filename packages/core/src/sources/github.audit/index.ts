import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const text = (record: JsonRecord, ...names: readonly string[]): boolean => names.some((name) => typeof record[name] === "string");

const REPOSITORY = "[A-Za-z0-9._-]+/[A-Za-z0-9._-]+";
const isRepository = (value: unknown): boolean => typeof value === "string" && new RegExp(`^${REPOSITORY}$`).test(value);

/** An event of a repository (as events of Git call it) or an organization; applications of all kinds write an action with a dot in it, and who did it. */
const isGithubs = (record: JsonRecord): boolean =>
  isRepository(record["repo"]) ||
  isRepository(record["repository"]) ||
  (text(record, "org", "business") && (text(record, "operation_type") || [record["created_at"], record["@timestamp"]].some((time) => Number.isInteger(time))));

/** The audit log of GitHub enterprises and organizations: from the REST API, streamed, and exported. */
export const githubAudit: SourceDefinition = {
  id: "github.audit",
  title: "GitHub audit log",
  logsource: { product: "github", service: "audit" },
  text: null,
  recognises: (record) =>
    typeof record["action"] === "string" && /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(record["action"]) && (text(record, "_document_id") || (text(record, "actor") && isGithubs(record))),
  fits: `regexp_full_match("@action", '[a-z0-9_]+(\\.[a-z0-9_]+)+') AND ("@_document_id" IS NOT NULL OR (NOT starts_with("@actor", '{') AND (regexp_full_match("@repo", '${REPOSITORY}') OR regexp_full_match("@repository", '${REPOSITORY}')
    OR (coalesce("@org", "@business") IS NOT NULL AND ("@operation_type" IS NOT NULL OR regexp_full_match(coalesce("@created_at", "@@timestamp"), '[0-9]+'))))))`,
  fields,
  sigmaNames: {},
  keyFields: ["action"],
  columns,
  ocsf,
};
