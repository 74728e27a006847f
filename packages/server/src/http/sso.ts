import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { beginOidc, finishOidc, VISITOR, type OidcProvider, type SecretBox } from "@corduroy/core/identity";
import { CorduroyError } from "@corduroy/core/kernel";
import type { DbCtx } from "@corduroy/core/store";
import { keepSession, sessionOf } from "./cookie.ts";

const COOKIE = "corduroy_sso";
const MINUTES = 10;
const PATH = "/sign-in/sso";
/** Attempts of one address in a minute. */
const PER_MINUTE = 30;

/** The two addresses of single sign-on: the way to the provider, and the way back. A person is sent there, so what goes wrong is told on the sign-in page. */
export function ssoRoutes(app: FastifyInstance, ctx: DbCtx, provider: OidcProvider, box: SecretBox): void {
  const config = { rateLimit: { max: PER_MINUTE, timeWindow: 60_000 } };
  const visitor = (request: FastifyRequest): DbCtx => ({ ...ctx, actor: VISITOR, address: request.ip });
  app.get(PATH, { config }, (request, reply) =>
    guarded(reply, async () => {
      const { url, state } = await beginOidc(visitor(request), provider, box);
      void reply.setCookie(COOKIE, state, { httpOnly: true, sameSite: "lax", secure: request.protocol === "https", path: PATH, maxAge: MINUTES * 60 });
      return url;
    }),
  );
  app.get(`${PATH}/callback`, { config }, (request, reply) =>
    guarded(reply, async () => {
      const previous = sessionOf(request);
      const callback = new URL(request.url, `${request.protocol}://${request.host}`).href;
      const signedIn = await finishOidc(visitor(request), provider, { callback, state: request.cookies[COOKIE] ?? "none", ...(previous !== null && { previous }) }, box);
      void reply.clearCookie(COOKIE, { path: PATH });
      keepSession(request, reply, signedIn);
      return "/";
    }),
  );
}

async function guarded(reply: FastifyReply, work: () => Promise<string>): Promise<FastifyReply> {
  try {
    return await reply.redirect(await work(), 302);
  } catch (error) {
    if (!(error instanceof CorduroyError)) throw error;
    return reply.redirect(`/sign-in?${new URLSearchParams({ problem: error.message, ...(error.hint !== undefined && { hint: error.hint }) }).toString()}`, 302);
  }
}
