import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "otplib";
import { afterAll, beforeAll } from "vitest";
import { api, client, type Client } from "@corduroy/contract";
import { testDatabase, type TestDatabase } from "@corduroy/core/store/test";
import { startService, type Service, type ServiceOptions } from "../index.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
/** A long password that no list knows. */
export const PASSWORD = "plum orbit canvas 7 tango";

/** A browser: keeps its cookies, and sends the CSRF token along. */
export interface Browser {
  call: Client;
  /** Posts JSON, and gives the answer as it is. */
  raw(path: string, body: unknown): Promise<Response>;
  csrf: string;
  cookies: Map<string, string>;
}

/** What the tests of a file have of their service; its members are there from `beforeAll` on. */
export interface TestService {
  service: Service;
  database: TestDatabase;
  /** The database of this service, by URL. */
  databaseUrl: string;
  folder: string;
  /** Lines of the service's log. */
  log: string[];
  browser(): Browser;
  /** The first admin, signed in with a second factor. */
  admin: Browser;
  /** Sends a request as it is. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** How a service of this checkout is started. */
export function serviceOptions(change: Pick<ServiceOptions, "data" | "databaseUrl"> & Partial<ServiceOptions>): ServiceOptions {
  return {
    installation: { version: "0.0.0", workerEntry: join(root, "packages/cli/dist/worker.mjs"), queryEntry: join(root, "packages/cli/dist/query-child.mjs"), migrations: join(root, "packages/core/src/store/migrations"), policies: join(root, "content/policies"), web: join(root, "packages/cli/dist/web") },
    demo: false, host: "127.0.0.1", port: 0, rules: [join(root, "content/rules")], workers: 1, tls: null, syslog: [], trustedProxies: [], oidc: null, keyWrap: null, catalog: null, auditHeads: null, publicUrl: null, mail: null, allow: [], patienceMs: 30_000, log: () => undefined, ...change,
  };
}

/** Runs a service of its own for the tests of a file, on a database of its own. */
export function testService({ onStop, ...change }: Partial<ServiceOptions> & { onStop?: () => Promise<void> } = {}): TestService {
  const database = testDatabase();
  const folder = mkdtempSync(join(tmpdir(), "corduroy-service-"));
  // Queries run as somebody else when we are root, who must be able to pass through.
  chmodSync(folder, 0o711);
  const test = { database, folder, log: [] as string[] } as unknown as TestService;
  test.fetch = (path, init) => fetch(`${test.service.origin}${path}`, init);
  test.browser = () => newBrowser((path, init) => test.fetch(path, init));
  beforeAll(async () => {
    const { user, password, host, database: name } = database.address;
    test.databaseUrl = `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}`;
    test.service = await startService(serviceOptions({ data: join(folder, "data"), databaseUrl: test.databaseUrl, log: (text) => test.log.push(text), ...change }));
    test.admin = await firstAdmin(test.browser(), test.service.setupLink!);
  });
  afterAll(async () => {
    await test.service.stop();
    await onStop?.();
    rmSync(folder, { recursive: true, force: true });
  });
  return test;
}

/** A browser that has not signed in. */
export function newBrowser(fetchFrom: TestService["fetch"]): Browser {
  const browser: Browser = { cookies: new Map(), csrf: "", call: client((path, init) => send(path, init)), raw: (path, body) => send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) };
  const send = async (path: string, init: { method: string; headers: Record<string, string>; body?: string }): Promise<Response> => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetchFrom(path, { ...init, headers: { ...init.headers, ...(cookie !== "" && { Cookie: cookie }), ...(browser.csrf !== "" && { "X-CSRF-Token": browser.csrf }) } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      const at = pair.indexOf("=");
      browser.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  return browser;
}

/** Makes the first admin through the one-time link. */
export async function firstAdmin(browser: Browser, setupLink: string): Promise<Browser> {
  const secret = setupLink.split("#")[1]!;
  browser.csrf = (await browser.call(api.session.setUp, { body: { secret, email: "anna@example.com", name: "Anna", password: PASSWORD } })).csrf;
  await enrol(browser);
  return browser;
}

/** Adds an authenticator app, which makes the session a full one. */
export async function enrol(browser: Browser): Promise<string> {
  const { secret } = await browser.call(api.session.enrolTotp);
  await browser.call(api.session.confirmTotp, { body: { code: await generate({ secret }) } });
  browser.csrf = (await browser.call(api.session.current)).csrf;
  return secret;
}

/** Somebody with one role, signed in. */
export async function invited(test: TestService, email: string, role: "viewer" | "developer" | "responder" | "admin" | "auditor"): Promise<Browser> {
  const { link } = await test.admin.call(api.admin.invite, { body: { email, roles: [role] } });
  const browser = test.browser();
  browser.csrf = (await browser.call(api.session.acceptInvitation, { body: { secret: link.split("#")[1]!, name: email.split("@")[0]!, password: PASSWORD } })).csrf;
  await enrol(browser);
  return browser;
}
