import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Kubernetes audit events, as the API server writes them to files and webhooks, and as EKS and AKS deliver them. */
export const kubernetesAudit: SourceDefinition = {
  id: "kubernetes.audit",
  title: "Kubernetes audit",
  logsource: { product: "kubernetes", service: "audit" },
  text: null,
  recognises: (record) =>
    record["kind"] === "Event" &&
    ((typeof record["apiVersion"] === "string" && record["apiVersion"].startsWith("audit.k8s.io/")) ||
      (typeof record["verb"] === "string" && (typeof record["objectRef"] === "object" || typeof record["requestURI"] === "string")) ||
      (typeof record["auditID"] === "string" && typeof record["stage"] === "string")),
  fits: `"@kind" = 'Event' AND ("@auditID" IS NOT NULL OR "@verb" IS NOT NULL)`,
  fields,
  sigmaNames,
  keyFields: ["verb", "objectRef.resource"],
  columns,
  ocsf,
};
