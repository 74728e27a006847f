import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);
const textIn = (value: unknown, name: string): boolean => isObject(value) && typeof value[name] === "string";

/** GitHub's repositories are `owner/name`, and so are Bitbucket's, whose payloads name an `actor`; GitLab's name an `object_kind`. */
function ofRepository(record: JsonRecord): boolean {
  const repository = record["repository"];
  return isObject(repository) && typeof repository["full_name"] === "string" && /^[^/\s]+\/[^/\s]+$/.test(repository["full_name"]) && (typeof record["action"] === "string" || typeof record["ref"] === "string" || textIn(record["sender"], "login"));
}

function ofOwner(record: JsonRecord): boolean {
  return textIn(record["sender"], "login") && (textIn(record["organization"], "login") || textIn(record["enterprise"], "slug") || (isObject(record["installation"]) && typeof record["installation"]["id"] === "number"));
}

/** GitHub's webhooks: the JSON body of a delivery, without its headers. */
export const githubWebhook: SourceDefinition = {
  id: "github.webhook",
  title: "GitHub webhooks",
  logsource: { product: "github", service: "webhook" },
  text: null,
  recognises: (record) => !("actor" in record) && !("object_kind" in record) && (ofRepository(record) || ofOwner(record)),
  fits: `NOT list_has_any(json_keys(json), ['actor', 'object_kind']) AND ((regexp_full_match("@repository.full_name", '[^/\\s]+/[^/\\s]+') AND coalesce("@action", "@ref", "@sender.login") IS NOT NULL)
    OR ("@sender.login" IS NOT NULL AND coalesce("@organization.login", "@enterprise.slug", "@installation.id") IS NOT NULL))`,
  fields,
  sigmaNames: {},
  keyFields: ["action"],
  columns,
  ocsf,
};
