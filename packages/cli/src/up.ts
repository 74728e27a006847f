import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { keyWrap, type OidcSettings } from "@corduroy/core/identity";
import { listenerAddress, type ListenerSetup } from "@corduroy/core/ingest";
import { CorduroyError } from "@corduroy/core/kernel";
import { defaultDataFolder, startService, type Service } from "@corduroy/server";
import { version } from "../package.json";
import { EXIT } from "./exit.ts";
import { tell } from "./failure.ts";
import { mailServer } from "./mailServer.ts";
import { builtInRules, migrations, policies, queryEntry, web, workerEntry } from "./paths.ts";

/** Options of `corduroy up`, as they are typed. */
export interface UpOptions {
  data?: string;
  demo: boolean;
  host: string;
  port: number;
  rules?: string[];
  workers: number;
  tlsCert?: string;
  tlsKey?: string;
  syslog?: string[];
  trustProxy?: string[];
  catalog?: string;
  auditHeads?: string;
  publicUrl?: string;
  allowHost?: string[];
  mailFrom?: string;
  sso?: string;
}

/** A client that sends or takes nothing for so long is let go. */
const PATIENCE_MS = 30_000;

/** `corduroy up`: runs the service until it is told to stop (SIGTERM, SIGINT). Sets the exit code. */
export async function upCommand(options: UpOptions): Promise<void> {
  const started = performance.now();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  const data = options.data ?? defaultDataFolder(process.env, options.demo);
  const service = await startService({
    installation: { version, workerEntry: workerEntry(), queryEntry: queryEntry(), migrations: migrations(), policies: policies(), web: web() },
    data, demo: options.demo, host: options.host, port: options.port, databaseUrl: secret("DATABASE_URL") ?? null, rules: options.rules ?? [builtInRules()], workers: options.workers, tls: certificate(options), syslog: syslog(options),
    trustedProxies: options.trustProxy ?? [], oidc: singleSignOn(options.sso, secret("CORDUROY_OIDC_SECRET")), keyWrap: keyWrap({ key: secret("CORDUROY_KEY"), kmsKey: process.env["CORDUROY_KMS_KEY"] }), catalog: folder(options.catalog), auditHeads: folder(options.auditHeads), publicUrl: options.publicUrl?.replace(/\/+$/, "") ?? null,
    mail: mailServer(secret("SMTP_URL"), options.mailFrom), allow: options.allowHost ?? [], patienceMs: PATIENCE_MS, log,
  });
  if (options.demo) await fill(service, data);
  process.stdout.write(`Corduroy is up: ${service.origin}  (${((performance.now() - started) / 1000).toFixed(1)} s, data in ${data})\n`);
  for (const url of service.syslog) process.stdout.write(`Syslog is taken at ${url}\n`);
  if (service.setupLink !== null) process.stdout.write(`\nCreate the first admin here, within 24 hours; the link works once:\n  ${service.setupLink}\n`);
  await stopped;
  process.stdout.write("Stopping …\n");
  await service.stop();
  process.exitCode = EXIT.nothing;
}

/** Takes a secret out of the environment: the workers, which read what others write, inherit the rest. */
function secret(name: string): string | undefined {
  const { [name]: value } = process.env;
  delete process.env[name];
  return value;
}

/** Fills a new demo; a service that cannot be filled is no demo, and stops. */
async function fill(service: Service, data: string): Promise<void> {
  try {
    await (await import("./demoFeed.ts")).fillDemo(service.ingest, data);
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function certificate({ tlsCert, tlsKey }: UpOptions): { cert: string; key: string } | null {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) throw new CorduroyError("TLS needs both, a certificate and its key.", { hint: "Give --tls-cert and --tls-key." });
  return { cert: readFileSync(tlsCert, "utf8"), key: readFileSync(tlsKey, "utf8") };
}

/** Where syslog is listened for. TLS takes the service's certificate where it is given none of its own. */
function syslog(options: UpOptions): ListenerSetup[] {
  const ofService = certificate(options);
  return (options.syslog ?? []).map((text) => {
    const address = listenerAddress(text);
    if (address.kind !== "tls") return { address, tls: null };
    const own = address.cert === null || address.key === null ? ofService : { cert: pem(address.cert), key: pem(address.key) };
    if (own === null) throw new CorduroyError(`TLS on ${address.url} needs a certificate and its key.`, { hint: `Give them: ${address.url}?cert=FILE&key=FILE, or --tls-cert and --tls-key.` });
    return { address, tls: { ...own, ca: address.ca === null ? null : pem(address.ca) } };
  });
}

function pem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CorduroyError(`${file} cannot be read.`, { hint: error instanceof Error ? error.message : undefined, cause: error });
  }
}

/** Reads an OpenID provider's settings; the service checks them. The secret has no place in a file that people pass around. */
function singleSignOn(file: string | undefined, clientSecret: string | undefined): OidcSettings | null {
  if (file === undefined) return null;
  if (clientSecret === undefined || clientSecret === "") throw new CorduroyError("Single sign-on needs the client's secret.", { hint: "Put it into the environment variable CORDUROY_OIDC_SECRET." });
  let settings: unknown;
  try {
    settings = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CorduroyError(`${file} cannot be read as YAML.`, { hint: error instanceof Error ? error.message.split("\n")[0] : undefined, cause: error });
  }
  return { ...(settings as Omit<OidcSettings, "clientSecret">), clientSecret };
}

function folder(path: string | undefined): string | null {
  if (path === undefined) return null;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw new CorduroyError(`${path} is not a folder.`, { hint: "Make it, or name another." });
  return resolve(path);
}

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${tell(text)}`);
}
