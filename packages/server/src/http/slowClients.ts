import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { problemText } from "./problem.ts";

/** Times the patience for one whole request to arrive, however it trickles. */
const REQUEST = 4;
const KEEP_ALIVE_MS = 60_000;
const HEADERS_MS = 60_000;

/** What Fastify is to be told of clients that are slow. @param patienceMs how long a client may send or take nothing @param tls certificate and key, if any */
export function slowClientOptions(patienceMs: number, tls: { cert: string; key: string } | null): object {
  // How often Node looks whether a request is too late.
  const connectionsCheckingInterval = patienceMs;
  const requestTimeout = REQUEST * patienceMs;
  // Node takes the longer of the two for the whole request, whichever it is.
  const limits = { connectionsCheckingInterval, headersTimeout: Math.min(HEADERS_MS, requestTimeout) };
  return {
    ...(tls === null ? { http: limits } : { https: { ...tls, ...limits } }),
    connectionTimeout: patienceMs,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket, requestTimeout / 1000),
  };
}

/** Lets go of clients that neither send what they began nor take what they asked for. A quiet connection on which we are at work is none of these. */
export function dropSilentClients(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ raw: request }, { raw: reply }) => {
    reply.on("timeout", (socket: Socket) => {
      if (!request.complete || reply.writableLength > 0) socket.destroy();
    });
  });
}

/** Answers what is no request, or none that came in time. */
function refuse({ code }: NodeJS.ErrnoException, socket: Socket, seconds: number): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, title, detail, hint] =
    code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? [408, "Too slow", `The request did not arrive within ${seconds} seconds; nothing of it was kept.`, "Send it again, in smaller parts, or compressed with gzip."]
      : code === "HPE_HEADER_OVERFLOW"
        ? [431, "Too large", "The headers of the request are too large.", "Send fewer or shorter headers; cookies of other services may be among them."]
        : [400, "Invalid", "This is no HTTP request.", "Look at what stands between the client and this service."];
  const body = problemText({ status, title, detail, hint });
  socket.end(`HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}
