import { isDeepStrictEqual } from "node:util";
import type { FastifyRequest } from "fastify";
import type { Route } from "@corduroy/contract";
import { csrfFits, livingSession, maySeePeople, readableSources, sessionActor, sessionHolder, tokenActor, VISITOR, wantsAllSources, type Action } from "@corduroy/core/identity";
import { Forbidden, type Actor, type Resource } from "@corduroy/core/kernel";
import type { DbCtx } from "@corduroy/core/store";
import { Unauthenticated } from "./problem.ts";
import { sessionOf } from "./cookie.ts";

/** Who calls, and by which session. */
export interface Caller {
  actor: Actor;
  session: string | null;
  /** Whether session or token still hold, and the policies still allow this, which they did: for what takes long. A database that is away ends nothing. */
  stillMay: (action: Action, resource: Resource) => Promise<boolean>;
  /** Whether they would still be shown all that they were shown at first of this: people, and the same sources. Likewise for what takes long. */
  stillSees: (resource: Resource) => Promise<boolean>;
}

const NOTHING_MORE: Pick<Caller, "stillMay" | "stillSees"> = { stillMay: async () => false, stillSees: async () => false };

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Tells who calls: by the token of the `Authorization` header, else by the session's cookie, else a visitor.
 *
 * A change that a browser sends along with its cookie must carry the session's CSRF token too, and must not come from another site.
 * @throws Unauthenticated where the route wants somebody, or the token is not good; Forbidden for a change without its CSRF token
 */
export async function authenticate(ctx: DbCtx, request: FastifyRequest, route: Route): Promise<Caller> {
  if (route.hook) return { actor: VISITOR, session: null, ...NOTHING_MORE };
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const actor = token === undefined ? null : await tokenActor(ctx, token);
    if (actor === null) throw new Unauthenticated("The API token is wrong, expired or revoked.", { hint: "Make a new one under Settings, and send it as: Authorization: Bearer TOKEN" });
    return { actor, session: null, ...still(ctx, actor, () => tokenActor(ctx, token!)) };
  }
  const session = sessionOf(request);
  // A stream of events begins anew by itself, whether anybody is there or not.
  const actor = session === null ? null : await (route.stream === "events" ? sessionHolder : sessionActor)(ctx, session);
  if (session !== null && actor !== null) {
    if (CHANGES.has(request.method)) fromThisSite(request, session);
    return { actor, session, ...still(ctx, actor, () => sessionHolder(ctx, session)) };
  }
  if (route.access === "public") return { actor: VISITOR, session, ...NOTHING_MORE };
  // A session that may only enrol a second factor reaches what concerns the person alone.
  if (route.access === "self" && session !== null && (await livingSession(ctx, session)) !== null) {
    if (CHANGES.has(request.method)) fromThisSite(request, session);
    return { actor: VISITOR, session, ...NOTHING_MORE };
  }
  throw new Unauthenticated("You are not signed in.", { hint: "Sign in, or send an API token as: Authorization: Bearer TOKEN" });
}

/** Who is what they were may what they might: policies are asked only when something changed, since every body of events asks this. */
function still({ allows }: Pick<DbCtx, "allows">, then: Actor, ask: () => Promise<Actor | null>): Pick<Caller, "stillMay" | "stillSees"> {
  const holds = (of: (now: Actor) => boolean): Promise<boolean> => ask().then((now) => now !== null && (isDeepStrictEqual(now, then) || of(now)), () => true);
  return {
    stillMay: (action, resource) => holds((now) => allows(now, action, resource) && !wantsAllSources({ actor: now, allows }, action)),
    stillSees: (resource) => holds((now) => (!maySeePeople({ actor: then, allows }, resource) || maySeePeople({ actor: now, allows }, resource)) && seesAllOf(readableSources({ actor: now, allows }), readableSources({ actor: then, allows }))),
  };
}

/** Whether sources that may be read (null: all) hold all of others. */
function seesAllOf(now: readonly string[] | null, then: readonly string[] | null): boolean {
  return now === null || (then !== null && then.every((source) => now.includes(source)));
}

function fromThisSite(request: FastifyRequest, session: string): void {
  const token = request.headers["x-csrf-token"];
  const site = request.headers["sec-fetch-site"];
  if (typeof token === "string" && csrfFits(session, token) && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new Forbidden("The request does not come from this page.", { hint: "Load the page again." });
}
