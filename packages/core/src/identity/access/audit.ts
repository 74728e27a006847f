import { Invalid, visible, type Actor, type Resource } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { AccountAction, Action } from "../actions.ts";
import { insertAuditRow } from "../store/audit.ts";
import { hasToken } from "./auditText.ts";

/** What a row of the audit says beside who, when and from where. */
export interface AuditEntry {
  action: Action | AccountAction;
  resource: Resource;
  /** What changed, in the words of the verb: at most 8 KiB as JSON. Never a secret. */
  detail?: Record<string, unknown>;
  /** `refused` is written by `authorize`; `begun` before what takes long, whose end has a row of its own. */
  outcome?: "begun" | "done" | "refused" | "failed";
}

const DETAIL_BYTES = 8 * 1024;
const TEXT_LENGTH = 512;
/** Names under which secrets travel. A verb that passes one on has a defect; better it fails than the secret stays in the trail for ever. */
const SECRET_NAMES = /^(?:password|passwd|secret|client_?secret|code|cookie|authorization|private_?key|session)$/i;

/**
 * Writes one row of the audit with this context's database: inside a verb it is committed or rolled back together with the change.
 * @throws Invalid when the detail is too large, Error when it carries a secret
 */
export async function audit(ctx: DbCtx, { action, resource, detail = {}, outcome = "done" }: AuditEntry): Promise<void> {
  const text = JSON.stringify(detail, (key, value: unknown) => {
    if (SECRET_NAMES.test(key) || (typeof value === "string" && hasToken(value))) throw new Error(`The audit of ${action} carries a secret in "${visible(key)}".`);
    if (typeof value === "string") return visible(value);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [visible(name), each as unknown])) : value;
  });
  if (Buffer.byteLength(text) > DETAIL_BYTES) throw new Invalid("The change is too large to be audited.", { hint: "Make it in smaller steps." });
  await insertAuditRow(ctx.db, {
    at: ctx.now(),
    ...actorColumns(ctx.actor),
    address: ctx.address === null ? null : bounded(ctx.address),
    action,
    resourceType: bounded(resource.type),
    resourceId: bounded(resource.id),
    outcome,
    detail: JSON.parse(text) as Record<string, unknown>,
  });
}

function actorColumns(actor: Actor): { actorKind: Actor["kind"]; actorId: string | null; actorName: string } {
  return { actorKind: actor.kind, actorId: actor.kind === "system" ? null : bounded(actor.id), actorName: bounded(actor.name) };
}

/** PostgreSQL refuses NUL and half surrogates; a name must not turn the lines of the trail around either. */
function bounded(text: string): string {
  return visible(text.slice(0, TEXT_LENGTH));
}
