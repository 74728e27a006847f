import * as z from "zod";

/** ISO 8601 in UTC. */
export const Time = z.iso.datetime();

export const Level = z.enum(["informational", "low", "medium", "high", "critical"]);
export type Level = z.infer<typeof Level>;

export const Role = z.enum(["viewer", "developer", "responder", "admin", "auditor"]);
export type Role = z.infer<typeof Role>;

/** What tokens are made for, beside handing in events; `content/policies` says what each permits. */
export const TOKEN_SCOPES = ["read", "write", "sources", "audit"] as const;
/** One scope of a token: one of these, or `events:` with a source, or with `*` for all. */
export const Scope = z.string().regex(new RegExp(String.raw`^(?:${TOKEN_SCOPES.join("|")}|events:(?:\*|[a-z0-9][a-z0-9._-]{0,99}))$`), `a scope is ${TOKEN_SCOPES.map((scope) => `"${scope}"`).join(", ")}, "events:<source>" or "events:*"`);

/** Who did something, as it is shown. */
export const ActorName = z.object({ kind: z.enum(["user", "token", "system"]), id: z.string(), name: z.string() });
export type ActorName = z.infer<typeof ActorName>;

export const Id = z.string().min(1).max(100);
export const ById = z.object({ id: Id });

/** Keyset paging: `cursor` is what the page before called `next`. */
export const Paging = z.object({ cursor: z.string().max(500).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });

/** One page of a list; `next` is null on the last. */
export function page<T extends z.ZodType>(item: T): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** An error, as RFC 9457 (`application/problem+json`) has it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** What is wrong, in a sentence or two. */
  detail: z.string(),
  /** What to do next. */
  hint: z.string().optional(),
  /** For a request with invalid members: where and why. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
