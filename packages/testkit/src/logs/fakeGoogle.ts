import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { TestClock } from "../sqs/testClock.ts";
import { jsonObject, webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

/** An activity of the Reports API. */
export type GoogleActivity = Record<string, unknown> & { id: { time: string; uniqueQualifier: string; applicationName: string } };

export interface FakeGoogle extends WebServer {
  /** An administrator with the privilege Reports, and a user without it. */
  readonly admin: string;
  readonly user: string;
  /** The key file of a service account. */
  readonly keyFile: string;
  /** Activities in the order in which they can first be seen. */
  activities: GoogleActivity[];
  /** Whether domain-wide delegation is authorised for the service account. */
  delegated: boolean;
  /** Whether the Admin SDK API is enabled in the service account's project. */
  enabled: boolean;
  /** Takes all access tokens for expired. */
  expireTokens(): void;
  /** Refuses the next request, for too many were made. */
  throttle(status: 403 | 429, headers?: Record<string, string>): void;
}

const SCOPE = "https://www.googleapis.com/auth/admin.reports.audit.readonly";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFE_SECONDS = 3_599;

/**
 * Starts Google's token endpoint (JWT bearer, RFC 7523) and the activities of the Admin SDK's Reports API on a free port of the loopback interface: `startTime`, `endTime`, `maxResults`,
 * `pageToken`, the newest first, and the ways in which Google refuses.
 */
export async function fakeGoogle({ clock, pageSize = 1_000 }: { clock: TestClock; pageSize?: number }): Promise<FakeGoogle> {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2_048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
  const key = { type: "service_account", project_id: "corp-logs", private_key_id: "0a1b2c3d4e5f", private_key: pair.privateKey, client_email: "corduroy@corp-logs.iam.gserviceaccount.com", client_id: "100000000000000000001", universe_domain: "googleapis.com" };
  let tokens = new Map<string, { subject: string; until: number }>();
  let refusal: WebAnswer | null = null;
  let made = 0;
  const json = (status: number, value: unknown, headers: Record<string, string> = {}): WebAnswer => ({ status, headers: { "content-type": "application/json; charset=UTF-8", date: clock.now().toUTCString(), ...headers }, body: JSON.stringify(value) });
  const refused = (code: number, reason: string, status?: string, headers?: Record<string, string>): WebAnswer => json(code, { error: { code, message: `The fake says ${reason}`, errors: [{ message: `The fake says ${reason}`, domain: "global", reason }], ...(status !== undefined && { status }) } }, headers);

  const token = (body: string): WebAnswer => {
    const form = new URLSearchParams(body);
    if (form.get("grant_type") !== GRANT) return json(400, { error: "unsupported_grant_type", error_description: "Invalid grant_type" });
    const [header = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    const [named, said] = [header, claims].map((part) => jsonObject(Buffer.from(part, "base64url").toString("utf8")) ?? {}) as [Record<string, unknown>, Record<string, unknown>];
    const isSigned = named["alg"] === "RS256" && verify("RSA-SHA256", Buffer.from(`${header}.${claims}`), createPublicKey(pair.publicKey), Buffer.from(signature, "base64url"));
    const [iat, exp, now] = [Number(said["iat"]), Number(said["exp"]), clock.now().getTime() / 1_000];
    if (!isSigned || said["iss"] !== key.client_email || said["aud"] !== `${server.origin}/token`) return json(400, { error: "invalid_grant", error_description: "Invalid JWT Signature." });
    if (!(iat <= now && now < exp && exp - iat <= 3_600)) return json(400, { error: "invalid_grant", error_description: "Invalid JWT: Token must be a short-lived token" });
    if (![server.admin, server.user].includes(String(said["sub"]))) return json(400, { error: "invalid_grant", error_description: "Invalid email or User ID" });
    if (!server.delegated || said["scope"] !== SCOPE) return json(401, { error: "unauthorized_client", error_description: "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested." });
    const access_token = `ya29.fake-${++made}`;
    tokens.set(access_token, { subject: String(said["sub"]), until: clock.now().getTime() + LIFE_SECONDS * 1_000 });
    return json(200, { access_token, expires_in: LIFE_SECONDS, token_type: "Bearer" });
  };

  const answer = ({ method, path, headers, body }: WebRequest): WebAnswer => {
    const url = new URL(path, server.origin);
    if (method === "POST" && url.pathname === "/token") return token(body);
    const held = tokens.get(headers.authorization?.replace(/^Bearer /, "") ?? "");
    if (held === undefined || held.until <= clock.now().getTime()) return refused(401, "authError", "UNAUTHENTICATED");
    if (refusal !== null) {
      const once = refusal;
      refusal = null;
      return once;
    }
    if (!server.enabled) return refused(403, "accessNotConfigured", "PERMISSION_DENIED");
    if (held.subject !== server.admin) return refused(401, "authError");
    const [, application] = /^\/admin\/reports\/v1\/activity\/users\/all\/applications\/(login|admin|drive|token)$/.exec(url.pathname) ?? [];
    if (method !== "GET" || application === undefined) return refused(400, "invalid");
    const [from = "", to = "", size, at = "0"] = ["startTime", "endTime", "maxResults", "pageToken"].map((name) => url.searchParams.get(name) ?? undefined);
    if (!(Date.parse(from) < Date.parse(to)) || !(Number(size) >= 1 && Number(size) <= 1_000) || !/^\d+$/.test(at)) return refused(400, "badRequest");
    const found = server.activities.filter(({ id }) => id.applicationName === application && id.time >= from && id.time <= to).sort((a, b) => (a.id.time < b.id.time ? 1 : -1));
    const end = Number(at) + Math.min(Number(size), pageSize);
    const items = found.slice(Number(at), end);
    return json(200, { kind: "admin#reports#activities", etag: '"fake"', ...(end < found.length && { nextPageToken: String(end) }), ...(items.length > 0 && { items }) });
  };

  const web = await webServer(answer);
  const server: FakeGoogle = {
    ...web,
    admin: "reader@corp.example",
    user: "nobody@corp.example",
    keyFile: JSON.stringify({ ...key, token_uri: `${web.origin}/token` }, null, 2),
    activities: [],
    delegated: true,
    enabled: true,
    expireTokens: () => {
      tokens = new Map();
    },
    throttle: (status, headers) => {
      refusal = status === 429 ? refused(429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", headers) : refused(403, "userRateLimitExceeded", undefined, headers);
    },
  };
  return server;
}
