import * as z from "zod";
import { ActorName, ById, page, Paging, Role, Scope, Time } from "./common.ts";
import { Environment } from "./findings.ts";
import { route } from "./route.ts";

export const AuditEntry = z.object({
  id: z.string(), at: Time, actor: ActorName, address: z.string().nullable(), action: z.string(), resource: z.object({ type: z.string(), id: z.string() }),
  outcome: z.enum(["begun", "done", "refused", "failed"]), detail: z.record(z.string(), z.unknown()), sealed: z.boolean(),
});
export const AuditVerdict = z.object({ intact: z.boolean(), anchored: z.boolean(), rows: z.number(), text: z.string(), firstBad: z.string().nullable() });

/** `roles` are given by administrators, `mappedRoles` come with the groups of the last single sign-on; what counts is both together. */
export const User = z.object({ id: z.string(), email: z.string(), name: z.string(), roles: z.array(Role), mappedRoles: z.array(Role), singleSignOn: z.boolean(), disabled: z.boolean() });
export const Token = z.object({ id: z.string(), name: z.string(), scopes: z.array(z.string()), createdAt: Time, createdBy: z.string(), expiresAt: Time, lastUsedAt: Time.nullable(), revokedAt: Time.nullable() });

export const Team = z.object({
  name: z.string(), title: z.string(), services: z.array(z.string()),
  /** Names of destinations that the catalog's files give it, also such as there are not. */
  route: z.array(z.string()),
  /** Where its alerts go at present, and what says so: its route here, the catalog, or nothing, so that the security team is told; null for who may not see destinations. */
  told: z.object({ by: z.enum(["team", "catalog", "security"]), destinations: z.array(z.string()) }).nullable(),
  active: z.number(),
});
export type Team = z.infer<typeof Team>;
export const Service = z.object({ name: z.string(), title: z.string(), team: z.string().nullable(), environment: Environment, tier: z.string().nullable(), maps: z.array(z.object({ kind: z.string(), value: z.string() })), active: z.number() });
export const CatalogProblem = z.object({ file: z.string(), line: z.number(), column: z.number(), message: z.string(), hint: z.string().optional() });

export const Destination = z.object({ id: z.string(), name: z.string(), kind: z.enum(["pagerduty", "slack", "email", "webhook"]), target: z.string(), lastDeliveryAt: Time.nullable(), problem: z.string().nullable() });
export const Delivery = z.object({ id: z.string(), at: Time, finding: z.string().nullable(), destination: z.string(), title: z.string(), outcome: z.enum(["waiting", "delivered", "rejected", "gave up", "in digest"]), attempts: z.number(), detail: z.string() });

const Secret = z.string().min(1).max(2_000);
export const NewDestination = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pagerduty"), name: z.string().min(1).max(60), routingKey: Secret }),
  z.object({ kind: z.literal("slack"), name: z.string().min(1).max(60), url: Secret }),
  z.object({ kind: z.literal("email"), name: z.string().min(1).max(60), to: z.email() }),
  z.object({ kind: z.literal("webhook"), name: z.string().min(1).max(60), url: Secret, secret: Secret }),
]);

export const Settings = z.object({ version: z.string(), dataFolder: z.string(), database: z.enum(["embedded", "external"]), demo: z.boolean(), anchored: z.boolean(), tls: z.boolean(), lake: z.object({ bytes: z.number(), parts: z.number(), checkedAt: Time.nullable(), problem: z.string().nullable() }), securityRoute: z.array(z.string()) });

/** Where a vendor sends to under a token, and the secret that it proves itself with: GitHub's webhooks, Okta's event hooks. */
const HookDoor = z.object({ path: z.string(), secret: z.string() });

export const admin = {
  audit: route({ method: "GET", path: "/v1/audit", summary: "The audit trail, newest first; an actor by id, or by a part of the name", access: "audit.read", query: Paging.extend({ actor: z.string().max(200).optional(), action: z.string().max(100).optional(), outcome: z.enum(["begun", "done", "refused", "failed"]).optional() }), response: page(AuditEntry) }),
  verifyAudit: route({ method: "POST", path: "/v1/audit/verify", summary: "Check the audit trail against its seals", access: "audit.read", response: AuditVerdict }),
  users: route({ method: "GET", path: "/v1/users", summary: "People, by e-mail address", access: "users.read", query: Paging, response: page(User) }),
  people: route({ method: "GET", path: "/v1/people", summary: "Names, to give findings to", access: "findings.read", response: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
  invite: route({ method: "POST", path: "/v1/users", summary: "Invite a person; gives a one-time link", access: "users.write", body: z.object({ email: z.email().max(254), roles: z.array(Role).min(1) }), response: z.object({ link: z.string(), expiresAt: Time }) }),
  changeUser: route({ method: "PATCH", path: "/v1/users/{id}", summary: "Change the roles that a person is given, or lock them out", access: "users.write", params: ById, body: z.object({ roles: z.array(Role).optional(), disabled: z.boolean().optional() }), response: User }),
  resetFactors: route({ method: "POST", path: "/v1/users/{id}/reset-factors", summary: "Take away all second factors of a person, who adds new ones at the next sign-in; their sessions end", access: "users.write", params: ById }),
  tokens: route({ method: "GET", path: "/v1/tokens", summary: "API tokens, newest first", access: "tokens.read", query: Paging, response: page(Token) }),
  createToken: route({ method: "POST", path: "/v1/tokens", summary: "Make an API token; it is shown once", access: "tokens.write", body: z.object({ name: z.string().trim().min(1).max(100), scopes: z.array(Scope).min(1).max(20), days: z.number().int().min(1).max(365) }), response: z.object({ token: z.string(), about: Token, webhook: HookDoor.nullable(), eventHook: HookDoor.nullable() }) }),
  revokeToken: route({ method: "DELETE", path: "/v1/tokens/{id}", summary: "Revoke a token", access: "tokens.write", params: ById }),
  catalog: route({ method: "GET", path: "/v1/catalog", summary: "Teams and services, and what is wrong with the catalog", access: "catalog.read", response: z.object({ teams: z.array(Team), services: z.array(Service), problems: z.array(CatalogProblem), folder: z.string().nullable() }) }),
  destinations: route({ method: "GET", path: "/v1/destinations", summary: "Where alerts go", access: "notifications.read", response: z.object({ items: z.array(Destination) }) }),
  addDestination: route({ method: "POST", path: "/v1/destinations", summary: "Add a place for alerts", access: "notifications.write", body: NewDestination, response: Destination }),
  removeDestination: route({ method: "DELETE", path: "/v1/destinations/{id}", summary: "Remove a place for alerts", access: "notifications.write", params: ById }),
  testDestination: route({ method: "POST", path: "/v1/destinations/{id}/test", summary: "Send a test message there", access: "notifications.write", params: ById, response: z.object({ outcome: z.string(), detail: z.string() }) }),
  deliveries: route({ method: "GET", path: "/v1/deliveries", summary: "Alerts that were sent, and those that wait", access: "notifications.read", query: Paging, response: page(Delivery) }),
  setTeamRoute: route({ method: "PUT", path: "/v1/teams/{team}/route", summary: "Destinations for a team's findings, in place of what the catalog says; none for the catalog's again", access: "notifications.write", params: z.object({ team: z.string().min(1).max(200) }), body: z.object({ destinations: z.array(z.string().max(100)).max(10) }) }),
  settings: route({ method: "GET", path: "/v1/settings", summary: "How the service is set up", access: "settings.read", response: Settings }),
  setSecurityRoute: route({ method: "PUT", path: "/v1/settings/security-route", summary: "Destinations for what nobody owns", access: "settings.write", body: z.object({ destinations: z.array(z.string().max(100)).max(10) }) }),
  checkLake: route({ method: "POST", path: "/v1/lake/check", summary: "Compare every part with what the manifest says of it", access: "lake.maintain", response: z.object({ parts: z.number(), bytes: z.number(), problems: z.array(z.string()) }) }),
};
