import { sql } from "drizzle-orm";
import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import type { Role } from "../kernel/index.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** People. `roles` are given by administrators, `mapped_roles` by the groups of the last single sign-on; what counts is both together. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  /** Lower case. */
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
  /** Argon2id, PHC format; null for people of an identity provider. */
  passwordHash: text("password_hash"),
  roles: text("roles").array().$type<Role[]>().notNull(),
  mappedRoles: text("mapped_roles").array().$type<Role[]>().notNull().default([]),
  createdAt: moment("created_at").notNull(),
  disabledAt: moment("disabled_at"),
});

/** Who a person is at an identity provider: the pair that OpenID Connect calls unique and never reassigned. */
export const oidcAccounts = pgTable(
  "oidc_accounts",
  {
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    userId: text("user_id").notNull().references(() => users.id),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.subject] })],
);

/** Links that make an account once: for the first administrator, and for people who are invited. */
export const oneTimeLinks = pgTable(
  "one_time_links",
  {
    /** SHA-256, hex. */
    secretHash: text("secret_hash").primaryKey(),
    kind: text("kind").$type<"setup" | "invitation">().notNull(),
    /** Whom it is for; empty for the setup, where the person says it. */
    email: text("email").notNull(),
    roles: text("roles").array().$type<Role[]>().notNull(),
    /** Who invites; null for the setup, which is the product's. */
    createdBy: text("created_by").references(() => users.id),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [uniqueIndex("one_time_links_one_each").on(table.kind, table.email)],
);

export const sessions = pgTable(
  "sessions",
  {
    /** Names the session in lists; tells nothing about its secret. */
    id: text("id").primaryKey(),
    secretHash: text("secret_hash").notNull().unique(),
    userId: text("user_id").notNull().references(() => users.id),
    /** `enrol`: may only add a second factor. */
    stage: text("stage").$type<"enrol" | "full">().notNull(),
    address: text("address"),
    createdAt: moment("created_at").notNull(),
    lastSeenAt: moment("last_seen_at").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

export const apiTokens = pgTable(
  "api_tokens",
  {
    id: text("id").primaryKey(),
    secretHash: text("secret_hash").notNull(),
    name: text("name").notNull(),
    scopes: text("scopes").array().notNull(),
    createdBy: text("created_by").notNull().references(() => users.id),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
  },
  (table) => [index("api_tokens_created_by").on(table.createdBy)],
);

export const totpSecrets = pgTable("totp_secrets", {
  userId: text("user_id").primaryKey().references(() => users.id),
  /** `SecretBox`, belongs to `totp:<user>`. */
  sealed: text("sealed").notNull(),
  /** The newest time step whose code was used; a code of it or before is refused. */
  lastStep: bigint("last_step", { mode: "number" }).notNull(),
  /** Null until the first code has proved that the person has the secret. */
  confirmedAt: moment("confirmed_at"),
});

export const passkeys = pgTable(
  "passkeys",
  {
    /** The credential's id, base64url. */
    id: text("id").primaryKey(),
    userId: text("user_id").notNull().references(() => users.id),
    name: text("name").notNull(),
    /** COSE, base64url. */
    publicKey: text("public_key").notNull(),
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    createdAt: moment("created_at").notNull(),
    lastUsedAt: moment("last_used_at"),
  },
  (table) => [index("passkeys_user").on(table.userId)],
);

/** Challenges that were given out and not answered yet: each is good for one answer. */
export const passkeyChallenges = pgTable("passkey_challenges", {
  challengeHash: text("challenge_hash").primaryKey(),
  /** Whose passkey is being added; null for a sign-in, where the passkey says who it is. */
  userId: text("user_id").references(() => users.id),
  expiresAt: moment("expires_at").notNull(),
}, (table) => [index("passkey_challenges_expires").on(table.expiresAt)]);

export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    codeHash: text("code_hash").primaryKey(),
    userId: text("user_id").notNull().references(() => users.id),
    usedAt: moment("used_at"),
  },
  (table) => [index("recovery_codes_user").on(table.userId)],
);

/** Sign-ins that failed, or are under way: the sliding window that the delays are counted from. */
export const signInFailures = pgTable(
  "sign_in_failures",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    /** SHA-256 of the e-mail address as typed, lower case: unknown accounts count like known ones, and the table names nobody. */
    account: text("account").notNull(),
    /** Network the attempt came from: an IPv4 address, or the /64 of an IPv6 one. */
    network: text("network"),
    at: moment("at").notNull(),
  },
  (table) => [index("sign_in_failures_account").on(table.account, table.at), index("sign_in_failures_network").on(table.network, table.at), index("sign_in_failures_at").on(table.at)],
);

/** What happened, by whom. Writers leave `seq` and `hash` empty; the sealer fills them. A trigger refuses every other change. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: moment("at").notNull(),
    actorKind: text("actor_kind").$type<"user" | "token" | "system">().notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    address: text("address"),
    action: text("action").notNull(),
    resourceType: text("resource_type").notNull(),
    resourceId: text("resource_id").notNull(),
    outcome: text("outcome").$type<"begun" | "done" | "refused" | "failed">().notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull(),
    /** Place in the trail, from 1 without gaps. */
    seq: bigint("seq", { mode: "number" }).unique(),
    /** SHA-256 over the hash before and this row, hex. */
    hash: text("hash"),
  },
  (table) => [
    index("audit_log_unsealed").on(table.id).where(sql`${table.seq} IS NULL`),
    index("audit_log_actor").on(table.actorId, table.id),
    index("audit_log_resource").on(table.resourceType, table.resourceId, table.id),
  ],
);

/** Signed states of the trail. */
export const sealHeads = pgTable("seal_heads", {
  /** The newest row it covers. */
  seq: bigint("seq", { mode: "number" }).primaryKey(),
  /** That row's hash. */
  hash: text("hash").notNull(),
  /** How many rows it seals: those after the head before. */
  count: integer("count").notNull(),
  at: moment("at").notNull(),
  /** Ed25519 over all of the above, base64url. */
  signature: text("signature").notNull(),
  /** When it reached the write-once target. */
  publishedAt: moment("published_at"),
});
