import type { FastifyReply, FastifyRequest } from "fastify";
import type { api, ParsedOf, ResponseOf, Route } from "@corduroy/contract";
import type { DbCtx } from "@corduroy/core/store";
import type { Caller } from "./authenticate.ts";

/** A request that has been told apart and parsed. */
export interface Call<R extends Route> extends ParsedOf<R> {
  ctx: DbCtx;
  /** The secret of the browser's session; null for a token or a visitor. */
  session: string | null;
  /** Whether the caller's session or token still hold, and the policies still allow this. */
  stillMay: Caller["stillMay"];
  /** Whether they still see all that they saw. */
  stillSees: Caller["stillSees"];
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Does what a route says; one call of a verb, and no decision of its own. A route that streams writes to `reply` itself. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<ResponseOf<R>>;

/** A handler for every route: one that is missing does not compile. */
export type Handlers<Tree = typeof api> = { [Group in keyof Tree]: { [Name in keyof Tree[Group]]: Tree[Group][Name] extends Route ? Handler<Tree[Group][Name]> : never } };
