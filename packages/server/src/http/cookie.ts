import type { FastifyReply, FastifyRequest } from "fastify";
import type { SignedIn } from "@corduroy/core/identity";

/** Over TLS the name itself promises a browser that the cookie came from this host (RFC 6265bis). */
const SECURE_NAME = "__Host-corduroy";
const PLAIN_NAME = "corduroy";

const nameFor = (request: FastifyRequest): string => (request.protocol === "https" ? SECURE_NAME : PLAIN_NAME);

/** The secret of the browser's session. */
export function sessionOf(request: FastifyRequest): string | null {
  return request.cookies[nameFor(request)] ?? null;
}

/** Gives the browser a session: out of reach of scripts, and of other sites. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, { session, expiresAt }: Pick<SignedIn, "session" | "expiresAt">): void {
  void reply.setCookie(nameFor(request), session, { httpOnly: true, sameSite: "lax", secure: request.protocol === "https", path: "/", expires: expiresAt });
}

export function forgetSession(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(nameFor(request), { httpOnly: true, sameSite: "lax", secure: request.protocol === "https", path: "/" });
}
