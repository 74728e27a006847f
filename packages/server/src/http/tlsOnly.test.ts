import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { serveOverTlsOnly } from "./tlsOnly.ts";

const PROXY = "10.0.0.5";
const app = Fastify({ trustProxy: [PROXY] });
app.setErrorHandler(async (_error, _request, reply) => reply.code(403).send());
serveOverTlsOnly(app);
app.get("/healthz", async () => "ok");
app.setNotFoundHandler(async () => "the page");
const status = async (remoteAddress: string, proto?: string, url = "/sign-in"): Promise<number> => (await app.inject({ url, remoteAddress, headers: proto === undefined ? {} : { "x-forwarded-proto": proto } })).statusCode;

describe("a service without a certificate on a network", () => {
  it("answers what a trusted proxy got over TLS, and nothing that came in the clear, whatever it says of itself", async () => {
    expect([await status(PROXY, "https"), await status(PROXY, "http"), await status(PROXY)]).toEqual([200, 403, 403]);
    expect([await status("10.0.0.6"), await status("10.0.0.6", "https"), await status("192.0.2.7", "https"), await status("::ffff:192.0.2.7")]).toEqual([403, 403, 403, 403]);
  });

  it("answers this machine, but not by a proxy on it that nobody named", async () => {
    expect([await status("127.0.0.1"), await status("::1"), await status("::ffff:127.0.0.1"), await status("127.0.0.1", "https")]).toEqual([200, 200, 200, 403]);
  });

  it("says everybody whether it is well", async () => {
    expect([await status("192.0.2.7", undefined, "/healthz"), await status("192.0.2.7", undefined, "/healthz/../sign-in")]).toEqual([200, 403]);
  });
});
