import type { FastifyRequest } from "fastify";
import type { Route } from "@corduroy/contract";
import { csrfFits, livingSession, sessionActor, tokenActor, VISITOR } from "@corduroy/core/identity";
import { Forbidden, type Actor } from "@corduroy/core/kernel";
import type { DbCtx } from "@corduroy/core/store";
import { Unauthenticated } from "./problem.ts";
import { sessionOf } from "./cookie.ts";

/** Who calls, and by which session. */
export interface Caller {
  actor: Actor;
  session: string | null;
  /** Whether session or token still hold: for what takes long. A database that is away ends nothing. */
  stillIn: () => Promise<boolean>;
}

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Tells who calls: by the token of the `Authorization` header, else by the session's cookie, else a visitor.
 *
 * A change that a browser sends along with its cookie must carry the session's CSRF token too, and must not come from another site.
 * @throws Unauthenticated where the route wants somebody, or the token is not good; Forbidden for a change without its CSRF token
 */
export async function authenticate(ctx: DbCtx, request: FastifyRequest, route: Route): Promise<Caller> {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const actor = token === undefined ? null : await tokenActor(ctx, token);
    if (actor === null) throw new Unauthenticated("The API token is wrong, expired or revoked.", { hint: "Make a new one under Settings, and send it as: Authorization: Bearer TOKEN" });
    return { actor, session: null, stillIn: () => holds(tokenActor(ctx, token!)) };
  }
  const session = sessionOf(request);
  const actor = session === null ? null : await sessionActor(ctx, session);
  if (session !== null && actor !== null) {
    if (CHANGES.has(request.method)) fromThisSite(request, session);
    return { actor, session, stillIn: () => holds(sessionActor(ctx, session)) };
  }
  if (route.access === "public") return { actor: VISITOR, session, stillIn: async () => true };
  // A session that may only enrol a second factor reaches what concerns the person alone.
  if (route.access === "self" && session !== null && (await livingSession(ctx, session)) !== null) {
    if (CHANGES.has(request.method)) fromThisSite(request, session);
    return { actor: VISITOR, session, stillIn: async () => true };
  }
  throw new Unauthenticated("You are not signed in.", { hint: "Sign in, or send an API token as: Authorization: Bearer TOKEN" });
}

function holds(actor: Promise<Actor | null>): Promise<boolean> {
  return actor.then((found) => found !== null, () => true);
}

function fromThisSite(request: FastifyRequest, session: string): void {
  const token = request.headers["x-csrf-token"];
  const site = request.headers["sec-fetch-site"];
  if (typeof token === "string" && csrfFits(session, token) && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new Forbidden("The request does not come from this page.", { hint: "Load the page again." });
}
