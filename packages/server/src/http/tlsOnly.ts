import type { FastifyInstance, FastifyRequest } from "fastify";
import { Forbidden } from "@corduroy/core/kernel";

/** Asked by what watches over the service from nearby, and without any secret. */
const HEALTH = new Set(["/healthz", "/readyz"]);
const LOOPBACK = /^(?:(?:::ffff:)?127\.|::1$)/;

/**
 * Serves nobody whose request crossed a network in the clear: where we listen to a network without a certificate of our own, requests come by a trusted proxy that says they came to it over TLS,
 * or from this machine itself.
 */
export function serveOverTlsOnly(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (request.protocol === "https" || isFromHere(request) || HEALTH.has(request.url)) return;
    throw new Forbidden("This came over plain HTTP, where passwords and tokens can be read on the way, so it is not answered.", {
      hint: "Use the https:// address of the proxy in front. If you did, that proxy must be the one of --trust-proxy and send X-Forwarded-Proto: https.",
    });
  });
}

/** Never for what a proxy on this machine hands on: it says itself how that came. */
function isFromHere({ raw: { socket }, headers }: FastifyRequest): boolean {
  return headers["x-forwarded-proto"] === undefined && LOOPBACK.test(socket.remoteAddress ?? "");
}
