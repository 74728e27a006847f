import { createPublicKey } from "node:crypto";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { belongsBy, nameOf, onRecorded, startAlerts, type AlertSetup, type MailServer } from "@corduroy/core/alerts";
import { teamsOf } from "@corduroy/core/catalog";
import { loadRules } from "@corduroy/core/detect";
import { beginSetup, hasAdmin, headsFolder, loadPolicies, oidcProvider, openKey, pseudonymKey, SecretBox, signingKey, webhookSecrets, type KeyWrap, type OidcSettings } from "@corduroy/core/identity";
import { BODY_BYTES, LakeCheck, SignedWebhooks, startCollectors, startIngest, startListeners, type Ingest, type ListenerSetup } from "@corduroy/core/ingest";
import { openJobs } from "@corduroy/core/jobs";
import { Conflict, Forbidden, Unavailable } from "@corduroy/core/kernel";
import { outbound } from "@corduroy/core/net";
import { SpareQueryProcess } from "@corduroy/core/search";
import { afterTransaction, ensureDatabase, migrate, openDatabase, startPostgres, type Database, type DbCtx, type EmbeddedPostgres } from "@corduroy/core/store";
import { CatalogWatch } from "./catalogWatch.ts";
import { openDataFolder, type DataFolder } from "./dataFolder.ts";
import { buildApp } from "./http/app.ts";
import type { Handlers } from "./http/handler.ts";
import { ssoRoutes } from "./http/sso.ts";
import { Live } from "./live.ts";
import { adminRoutes } from "./routes/admin.ts";
import { alertRoutes, namedRoutes, ownersIn } from "./routes/alerts.ts";
import { eventRoutes } from "./routes/events.ts";
import { findingRoutes } from "./routes/findings.ts";
import { lakeRoutes } from "./routes/lake.ts";
import { ruleRoutes } from "./routes/rules.ts";
import { searchRoutes } from "./routes/search.ts";
import { sessionRoutes } from "./routes/session.ts";
import { startSchedule, tasksOf } from "./schedule.ts";

/** Where the program's own files are. */
export interface Installation {
  version: string;
  workerEntry: string;
  queryEntry: string;
  migrations: string;
  policies: string;
  web: string;
}

export interface ServiceOptions {
  installation: Installation;
  data: string;
  demo: boolean;
  host: string;
  port: number;
  /** A PostgreSQL of somebody else's; null for our own. */
  databaseUrl: string | null;
  rules: readonly string[];
  workers: number;
  tls: { cert: string; key: string } | null;
  /** Where syslog is listened for. */
  syslog: readonly ListenerSetup[];
  trustedProxies: readonly string[];
  oidc: OidcSettings | null;
  /** What encrypts the keys in the data folder; null where they lie open in their files. */
  keyWrap: KeyWrap | null;
  /** A folder with `catalog-info.yaml` files; null for no catalog. */
  catalog: string | null;
  /** A folder to publish heads of the audit to; null where it is not anchored. */
  auditHeads: string | null;
  /** Where people reach the UI, for links in messages. */
  publicUrl: string | null;
  /** The server that takes mail; null where none is sent. */
  mail: MailServer | null;
  /** Destinations inside the company, each `host:port`. */
  allow: readonly string[];
  /** For so many milliseconds a client may send or take nothing; streams ask twice in that time whether their reader may still read. */
  patienceMs: number;
  /** One line for the service's log. */
  log: (text: string) => void;
}

/** A service that runs. */
export interface Service {
  /** `http://127.0.0.1:7117` */
  origin: string;
  /** Where the first admin is made; null when there is one. Whoever has it becomes admin. */
  setupLink: string | null;
  ingest: Ingest;
  /** Where syslog is listened for. */
  syslog: readonly string[];
  stop(): Promise<void>;
}

/** The most that one request to a destination may take, and that is read of its answer. */
const OUTBOUND_MS = 10_000;
const ANSWER_BYTES = 64 * 1024;

/** The most that one page of a vendor's log may take. */
const PAGE_MS = 60_000;

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * Starts everything, in the order in which it is needed; whatever was started is stopped again when a later step fails.
 * @throws CorduroyError with what to do
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  checkAddress(options);
  const started: (() => Promise<void>)[] = [];
  const ending = new AbortController();
  const stop = async (): Promise<void> => {
    // What takes long ends at once: requests and jobs are waited for until they have ended.
    ending.abort(new Unavailable("The service is stopping."));
    for (const each of started.splice(0).reverse()) await each();
  };
  try {
    return await start(options, started, stop, ending.signal);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether it listens to a network and has no certificate of its own. */
function isPlain({ host, tls }: ServiceOptions): boolean {
  return tls === null && !LOOPBACK.has(host);
}

/** Sign-ins and events never cross a network in the clear. */
function checkAddress(options: ServiceOptions): void {
  const { host, trustedProxies, demo, syslog } = options;
  if (demo && syslog.length > 0) throw new Forbidden("The demo takes no real events.", { hint: "Start the service without --demo, or without --syslog." });
  if (!isPlain(options) || trustedProxies.length > 0) return;
  throw new Forbidden(`On ${host} the service would speak plain HTTP to a network.`, { hint: "Give it a certificate (--tls-cert, --tls-key), name the proxy that ends TLS in front of it (--trust-proxy), or leave --host away." });
}

async function start(options: ServiceOptions, started: (() => Promise<void>)[], stop: () => Promise<void>, ending: AbortSignal): Promise<Service> {
  const { installation, log } = options;
  const folder = await openDataFolder(options.data, options);
  started.push(() => folder.lock.release());
  const { database, postgres } = await openStore(options, folder);
  started.push(async () => {
    await database.close();
    await postgres?.stop();
  });
  await migrate(database, installation.migrations);
  const watch = await CatalogWatch.open(options.catalog, log);
  started.push(async () => watch.close());
  const dataKey = await openKey(join(folder.secrets, "data.key"), "data", options.keyWrap);
  const ctx: DbCtx = {
    actor: { kind: "system", name: "service" }, db: database.db, now: () => new Date(), address: null, allows: loadPolicies(installation.policies),
    pseudonyms: pseudonymKey(dataKey), teamsOf: (email) => (watch.catalog === null ? [] : teamsOf(watch.catalog, email).map(nameOf)),
  };
  const box = new SecretBox(dataKey);
  const webhooks = webhookSecrets(dataKey);
  const auditKey = signingKey(await openKey(join(folder.secrets, "audit.key"), "audit", options.keyWrap));
  const oidc = options.oidc && oidcProvider(options.oidc);
  const { rules } = await loadRules(options.rules);
  const live = new Live(ctx, options.patienceMs / 2);
  const jobs = await openJobs(database, { onTrouble: log });
  started.push(() => jobs.close());
  const alerts: AlertSetup & { jobs: typeof jobs } = {
    box, jobs, mail: options.mail, publicUrl: options.publicUrl, outbound: outbound({ allow: options.allow, timeoutMs: OUTBOUND_MS, maxBytes: ANSWER_BYTES, now: ctx.now }),
    belongs: (facts) => belongsBy(watch.catalog)(facts), namedRoutes: (team) => namedRoutes(watch.catalog, team), onChanged: (ids) => live.changed(ids),
  };
  await startAlerts({ ...ctx, actor: { kind: "system", name: "alerts" } }, alerts);
  const ingest = await startIngest(ctx, {
    folder: folder.path, rules, workerEntry: installation.workerEntry, workers: options.workers, onTrouble: log,
    belongs: alerts.belongs,
    onFindings: async (inside, recorded) => {
      await onRecorded(inside, recorded, alerts);
      await afterTransaction(inside, async () => live.changed(recorded.changed.map(({ id }) => id)));
    },
  });
  started.push(() => ingest.close());
  const spare = new SpareQueryProcess(installation.queryEntry);
  started.push(async () => spare.close());
  const check = new LakeCheck(ingest.lake, log, ending);
  const publish = options.auditHeads === null ? undefined : headsFolder(options.auditHeads);
  await startSchedule(ctx, jobs, tasksOf({ sealing: { key: auditKey, publish }, alerts, onChanged: (ids) => live.changed(ids), upkeep: ingest.upkeep, check, receiver: ingest.receiver, watch: { isBehind: () => ingest.isBehind(), runningSince: ctx.now() } }));
  const pages = outbound({ allow: options.allow, timeoutMs: PAGE_MS, maxBytes: BODY_BYTES, now: ctx.now });
  if (!options.demo) {
    const collectors = startCollectors(ctx, { ingest, box, outbound: pages, onTrouble: log });
    started.push(() => collectors.stop());
  }
  const listeners = await startListeners(ctx, ingest.receiver, options.syslog, log);
  started.push(() => listeners.stop());
  const facts = { version: installation.version, dataFolder: folder.path, database: options.databaseUrl === null ? ("embedded" as const) : ("external" as const), demo: options.demo, anchored: publish !== undefined, tls: options.tls !== null };
  const handlers: Handlers = {
    session: sessionRoutes({ box, demo: options.demo, version: installation.version, oidc }),
    findings: findingRoutes(live, async () => (await ingest.lake.manifest.batches()[Symbol.asyncIterator]().next()).done !== true, alerts),
    events: eventRoutes(() => ingest, { demo: options.demo, webhooks: new SignedWebhooks(webhooks), listeners, box, outbound: pages }),
    rules: ruleRoutes(rules),
    search: searchRoutes(() => ingest, installation.queryEntry, spare, () => ownersIn(watch.catalog), options.patienceMs),
    admin: { ...adminRoutes({ auditKey: createPublicKey(auditKey), headsFolder: options.auditHeads, webhooks }), ...alertRoutes(alerts, watch), ...lakeRoutes(facts, check) },
  };
  const app = await buildApp({
    ctx, handlers, version: installation.version, web: installation.web, tls: options.tls, tlsOnly: isPlain(options), trustedProxies: options.trustedProxies, patienceMs: options.patienceMs,
    more: (routes) => {
      if (oidc) ssoRoutes(routes, ctx, oidc, box);
    },
    ready: () => database.pool.query("SELECT 1").then(() => true, () => false), onDefect: (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  started.push(async () => {
    live.close();
    await app.close();
  });
  const origin = await listen(app, options);
  const setupLink = (await hasAdmin(ctx.db)) ? null : `${options.publicUrl ?? origin}/setup#${(await beginSetup(ctx)).secret}`;
  return { origin, setupLink, ingest, syslog: listeners.states().map(({ url }) => url), stop };
}

async function openStore({ databaseUrl, log }: ServiceOptions, folder: DataFolder): Promise<{ database: Database; postgres: EmbeddedPostgres | null }> {
  if (databaseUrl !== null) return { database: openDatabase({ url: databaseUrl }), postgres: null };
  const postgres = await startPostgres({ folder: join(folder.path, "postgres"), passwordFile: join(folder.secrets, "postgres"), sync: true, onEvent: log });
  const address = { ...postgres.address, database: "corduroy" };
  try {
    await ensureDatabase(address);
    return { database: openDatabase(address), postgres };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function listen(app: FastifyInstance, { host, port, tls }: ServiceOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") throw new Conflict(`Port ${port} is in use.`, { hint: "Another server may be running already. Name another port with --port.", cause: error });
    throw new Unavailable(`The service cannot listen on ${host}:${port}.`, { hint: error instanceof Error ? error.message : undefined, cause: error });
  }
  const address = app.server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return `${tls === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${actual}`;
}

