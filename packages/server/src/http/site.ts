import type { FastifyRequest } from "fastify";
import type { Site } from "@corduroy/core/identity";

/** The site that a browser believes to be on, for passkeys. */
export function siteOf(request: FastifyRequest): Site {
  return { domain: request.hostname, origin: `${request.protocol}://${request.host}` };
}
