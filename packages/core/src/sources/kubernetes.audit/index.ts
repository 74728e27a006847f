import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const STAGES: readonly unknown[] = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];
const LEVELS: readonly unknown[] = ["Metadata", "Request", "RequestResponse"];
const sqlTexts = (texts: readonly unknown[]): string => texts.map((text) => `'${String(text)}'`).join(", ");

/** Kubernetes audit events, as the API server writes them to files and webhooks, and as EKS and AKS deliver them. */
export const kubernetesAudit: SourceDefinition = {
  id: "kubernetes.audit",
  title: "Kubernetes audit",
  logsource: { category: "application", product: "kubernetes", service: "audit" },
  text: null,
  recognises,
  fits: `("@kind" = 'Event' OR "@kind" IS NULL) AND "@auditID" <> '' AND "@stage" IN (${sqlTexts(STAGES)}) AND "@level" IN (${sqlTexts(LEVELS)})`,
  fields,
  sigmaNames,
  keyFields: ["verb", "objectRef.resource"],
  columns,
  ocsf,
};

/** In the lists of webhooks the events themselves say neither kind nor version: only the list does. */
function recognises(record: JsonRecord): boolean {
  const { kind, apiVersion, auditID, stage, level, verb, objectRef, requestURI } = record;
  if (kind !== undefined && kind !== "Event") return false;
  if (kind === "Event" && typeof apiVersion === "string" && apiVersion.startsWith("audit.k8s.io/")) return true;
  if (typeof auditID === "string" && STAGES.includes(stage) && (kind === "Event" || LEVELS.includes(level))) return true;
  // Hand-made and trimmed ones.
  return kind === "Event" && typeof verb === "string" && (isObject(objectRef) || typeof requestURI === "string" || isObject(record["responseStatus"]));
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
