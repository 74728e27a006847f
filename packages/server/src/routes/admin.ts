import { api, pathOf, type ResponseOf } from "@corduroy/contract";
import { createToken, disableUser, enableUser, inviteUser, listAudit, listPeople, listTokens, listUsers, readHeadsFolder, readUser, resetFactors, revokeToken, setRoles, userNames, verifyAudit, type AuditVerdict, type TokenSummary, type UserSummary, type WebhookSecrets } from "@corduroy/core/identity";
import { hookSecret, HOOK_SOURCES, type HookVendor } from "@corduroy/core/ingest";
import { inTransaction, type DbCtx } from "@corduroy/core/store";
import type { KeyObject } from "node:crypto";
import type { Handlers } from "../http/handler.ts";
import { siteOf } from "../http/site.ts";

/** People, tokens, the audit. */
export function adminRoutes({ auditKey, headsFolder, webhooks }: { auditKey: KeyObject; headsFolder: string | null; webhooks: WebhookSecrets }): Pick<Handlers["admin"], "audit" | "verifyAudit" | "users" | "people" | "invite" | "changeUser" | "resetFactors" | "tokens" | "createToken" | "revokeToken"> {
  return {
    audit: async ({ ctx, query: { cursor, limit, ...filter } }) => {
      const { items, next } = await listAudit(ctx, filter, { cursor, limit });
      return { items: items.map(({ id, at, actor, seq, ...row }) => ({ ...row, id: String(id), at: at.toISOString(), actor: { ...actor, id: actor.id ?? "" }, sealed: seq !== null })), next };
    },
    verifyAudit: async ({ ctx }) => verdictView(await verifyAudit(ctx, auditKey, headsFolder === null ? [] : await readHeadsFolder(headsFolder))),
    users: async ({ ctx, query }) => {
      const { items, next } = await listUsers(ctx, query);
      return { items: items.map(userView), next };
    },
    people: async ({ ctx }) => ({ items: await listPeople(ctx) }),
    invite: async ({ ctx, body, request }) => {
      const { secret, expiresAt } = await inviteUser(ctx, body);
      return { link: `${siteOf(request).origin}/invitation#${secret}`, expiresAt: expiresAt.toISOString() };
    },
    changeUser: async ({ ctx, params: { id }, body }) =>
      inTransaction(ctx, async (inside) => {
        if (body.roles) await setRoles(inside, { user: id, roles: body.roles });
        if (body.disabled !== undefined) await (body.disabled ? disableUser : enableUser)(inside, { user: id });
        return userView(await readUser(inside, id));
      }),
    resetFactors: async ({ ctx, params: { id } }) => {
      await resetFactors(ctx, { user: id });
      return undefined;
    },
    tokens: async ({ ctx, query }) => {
      const { items, next } = await listTokens(ctx, query);
      return { items: await tokenViews(ctx, items), next };
    },
    createToken: async ({ ctx, body }) => {
      const { text, ...made } = await createToken(ctx, body);
      const [about] = await tokenViews(ctx, [made]);
      const door = (vendor: HookVendor, route: typeof api.events.webhook | typeof api.events.eventHook): ResponseOf<typeof api.admin.createToken>["webhook"] =>
        made.scopes.some((scope) => scope === `events:${HOOK_SOURCES[vendor]}` || scope === "events:*") ? { path: pathOf(route, { params: { id: made.id } }), secret: hookSecret(webhooks, vendor, made.id) } : null;
      return { token: text, about: about!, webhook: door("github", api.events.webhook), eventHook: door("okta", api.events.eventHook) };
    },
    revokeToken: async ({ ctx, params }) => {
      await revokeToken(ctx, { id: params.id });
      return undefined;
    },
  };
}

function verdictView({ rows, unsealed, anchoredTo, fault }: AuditVerdict): ResponseOf<typeof api.admin.verifyAudit> {
  const anchor = anchoredTo === null ? "Not anchored: no published head is at hand, so whoever controls the database could have written everything anew." : `Anchored up to row ${anchoredTo}.`;
  const found = fault === null ? `${rows} rows are as they were sealed.` : `Row ${fault.seq} is ${fault.what}.`;
  return { intact: fault === null, anchored: anchoredTo !== null, rows, text: [found, anchor, ...(unsealed > 0 ? [`${unsealed} rows wait for the sealer.`] : [])].join(" "), firstBad: fault === null ? null : String(fault.seq) };
}

function userView({ id, email, name, roles, mappedRoles, singleSignOn, disabledAt }: UserSummary): ResponseOf<typeof api.admin.changeUser> {
  return { id, email, name, roles, mappedRoles, singleSignOn, disabled: disabledAt !== null };
}

async function tokenViews({ db }: DbCtx, tokens: readonly TokenSummary[]): Promise<ResponseOf<typeof api.admin.tokens>["items"]> {
  const names = await userNames(db, tokens.map(({ createdBy }) => createdBy));
  return tokens.map(({ id, name, scopes, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt }) => ({
    id, name, scopes, createdAt: createdAt.toISOString(), createdBy: names.get(createdBy) ?? "somebody who left", expiresAt: expiresAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null, revokedAt: revokedAt?.toISOString() ?? null,
  }));
}
