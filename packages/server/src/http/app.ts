import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import files from "@fastify/static";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { api, openApi, routesOf, type LogsTaken, type Route } from "@corduroy/contract";
import type { DbCtx } from "@corduroy/core/store";
import { authenticate } from "./authenticate.ts";
import type { Call, Handler, Handlers } from "./handler.ts";
import { Malformed, problemOf } from "./problem.ts";
import { answerLogs, refuseLogs } from "./otlp.ts";
import { dropSilentClients, slowClientOptions } from "./slowClients.ts";
import { serveOverTlsOnly } from "./tlsOnly.ts";

export interface AppOptions {
  ctx: DbCtx;
  handlers: Handlers;
  version: string;
  /** The built UI. */
  web: string;
  /** Certificate and key (PEM); null for plain HTTP. */
  tls: { cert: string; key: string } | null;
  /** See `serveOverTlsOnly`. */
  tlsOnly: boolean;
  /** Addresses of the proxies whose word about the caller is taken. */
  trustedProxies: readonly string[];
  /** See `ServiceOptions`. */
  patienceMs: number;
  /** Adds routes that are no part of the contract: people are sent there, programs are not. */
  more: (app: FastifyInstance) => void;
  /** Whether the service can do its work: for a load balancer. */
  ready: () => Promise<boolean>;
  /** Told of every defect: the error with its stack, which the caller does not see. */
  onDefect: (error: unknown) => void;
}

/** JSON bodies of the API; events have a limit of their own. */
const BODY_BYTES = 1024 * 1024;
/** Requests of one address in a minute; receipt has its own measure. */
const PER_MINUTE = 1_200;
/** Attempts to sign in, or to use a one-time link. */
const DOOR_PER_MINUTE = 30;

/** The HTTP server: the API as the contract states it, and the UI. It listens nowhere yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...slowClientOptions(options.patienceMs, options.tls),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  } as object) as unknown as FastifyInstance;
  app.setErrorHandler((error, _request, reply) => refuse(reply, error, options.onDefect));
  dropSilentClients(app);
  await app.register(cookie);
  await app.register(helmet, headers(options.tls !== null));
  if (options.tlsOnly) serveOverTlsOnly(app);
  await app.register(rateLimit, { max: PER_MINUTE, timeWindow: 60_000, allowList: (request) => request.url.startsWith("/v1/events/") || request.url.startsWith("/v1/logs") || request.url.startsWith("/v1/webhooks/") || request.url.startsWith("/assets/") });
  for (const { name, group, route } of routesOf(api)) {
    const handler = (options.handlers as unknown as Record<string, Record<string, Handler<Route>>>)[group]![name.slice(group.length + 1)]!;
    await app.register(async (scope) => register(scope, options, route, handler));
  }
  options.more(app);
  const document = openApi(api, { version: options.version });
  app.get("/v1/openapi.json", async () => document);
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => ((await options.ready()) ? { status: "ok" } : reply.code(503).send({ status: "unavailable" })));
  await serveUi(app, options.web);
  return app;
}

async function register(scope: FastifyInstance, { ctx, onDefect }: AppOptions, route: Route, handler: Handler<Route>): Promise<void> {
  if (route.raw) {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  }
  const isDoor = route.access === "public" && route.method === "POST" && !route.raw;
  scope.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    ...(isDoor && { config: { rateLimit: { max: DOOR_PER_MINUTE, timeWindow: 60_000 } } }),
    handler: async (request, reply) => {
      try {
        const visitor: DbCtx = { ...ctx, address: request.ip };
        const { actor, session, ...still } = await authenticate(visitor, request, route);
        const call = { ctx: { ...visitor, actor }, session, ...still, request, reply, params: parsed(route.params, request.params), query: parsed(route.query, request.query), body: route.raw ? undefined : parsed(route.body, request.body) };
        const result: unknown = await handler(call as unknown as Call<Route>);
        if (reply.sent) return reply;
        if (route.response === undefined) return await reply.code(204).send();
        if (route.otlp) return answerLogs(reply, request, result as LogsTaken);
        return await reply.code(route.status ?? 200).header("Cache-Control", "no-store").send(route.response.parse(result));
      } catch (error) {
        return route.otlp ? refuseLogs(reply, request, error, onDefect) : refuse(reply, error, onDefect);
      }
    },
  });
}

function parsed(schema: Route["body"], value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw new Malformed(result.error.issues);
  return result.data;
}

function refuse(reply: FastifyReply, error: unknown, onDefect: (error: unknown) => void): FastifyReply {
  const { status, problem, headers: extra } = problemOf(error);
  if (status === 500) onDefect(error);
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return reply;
  }
  return reply.code(status).headers(extra).type("application/problem+json").header("Cache-Control", "no-store").send(JSON.stringify(problem));
}

/** Nothing but our own files runs in the page; nobody frames it, and it tells nobody where it came from. */
function headers(tls: boolean): object {
  const own = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], scriptSrc: own, styleSrc: own, imgSrc: ["'self'", "data:"], fontSrc: own, connectSrc: own, formAction: own, baseUri: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: tls ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: "no-referrer" },
    crossOriginResourcePolicy: { policy: "same-origin" },
  };
}

/** The UI: hashed files for ever, and one page for every address of it. */
async function serveUi(app: FastifyInstance, folder: string): Promise<void> {
  const page = join(folder, "index.html");
  const html = existsSync(page) ? readFileSync(page) : null;
  if (html !== null) await app.register(files, { root: join(folder, "assets"), prefix: "/assets/", immutable: true, maxAge: "365d", index: false });
  app.setNotFoundHandler(async (request: FastifyRequest, reply) => {
    if (html !== null && request.method === "GET" && !request.url.startsWith("/v1/") && !request.url.startsWith("/assets/")) return reply.type("text/html; charset=utf-8").header("Cache-Control", "no-cache").send(html);
    return refuse(reply, Object.assign(new Error(`There is nothing at ${request.method} ${request.url.split("?")[0] ?? ""}.`), { statusCode: 404 }), () => undefined);
  });
}
