import type { TestClock } from "../sqs/testClock.ts";
import { webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

export interface FakeGraph extends WebServer {
  readonly tenant: string;
  readonly client: string;
  readonly secret: string;
  /** Sign-ins, directory audits, risk detections and alerts, in the order in which they can first be seen. */
  logs: Record<keyof typeof LOGS, Record<string, unknown>[]>;
  /** Permissions that an administrator has consented to. */
  roles: string[];
  /** Takes all access tokens for expired. */
  expireTokens(): void;
  /** Answers 429 once, with so many seconds of Retry-After. */
  throttle(seconds: number): void;
}

const LOGS = {
  signIns: { path: "/v1.0/auditLogs/signIns", time: "createdDateTime", role: "AuditLog.Read.All" },
  directoryAudits: { path: "/v1.0/auditLogs/directoryAudits", time: "activityDateTime", role: "AuditLog.Read.All" },
  riskDetections: { path: "/v1.0/identityProtection/riskDetections", time: "detectedDateTime", role: "IdentityRiskEvent.Read.All" },
  alerts: { path: "/v1.0/security/alerts_v2", time: "lastUpdateDateTime", role: "SecurityAlert.Read.All" },
} as const;
const LIFE_SECONDS = 3_599;

/**
 * Starts Microsoft's token endpoint (client credentials) and `GET /v1.0/auditLogs/signIns`, `/directoryAudits`, `GET /v1.0/identityProtection/riskDetections` and `GET /v1.0/security/alerts_v2` of Graph on a free port of the loopback interface: `$filter` by time,
 * newest first, `@odata.nextLink` with a `$skiptoken`, 429 with `Retry-After`, and tokens that expire; tokens for Event Hubs are given as well.
 */
export async function fakeGraph({ clock, pageSize = 1_000 }: { clock: TestClock; pageSize?: number }): Promise<FakeGraph> {
  let tokens = new Map<string, number>();
  let throttled: number | null = null;
  let made = 0;

  const answer = ({ method, path, headers, body }: WebRequest): WebAnswer => {
    const json = (status: number, value: unknown, more: Record<string, string> = {}): WebAnswer => ({ status, headers: { "content-type": "application/json", date: clock.now().toUTCString(), ...more }, body: JSON.stringify(value) });
    const refuse = (status: number, code: string): WebAnswer => json(status, { error: { code, message: `The fake says ${code}`, innerError: {} } });
    const url = new URL(path, server.origin);
    if (method === "POST" && url.pathname === `/${server.tenant}/oauth2/v2.0/token`) {
      const form = new URLSearchParams(body);
      if (form.get("grant_type") !== "client_credentials" || ![`${server.origin}/.default`, "https://eventhubs.azure.net//.default"].includes(form.get("scope") ?? "")) return json(400, { error: "invalid_request", error_description: "AADSTS900144" });
      if (form.get("client_id") !== server.client || form.get("client_secret") !== server.secret) return json(401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." });
      const token = `fake-access-token-${++made}`;
      tokens.set(token, clock.now().getTime() + LIFE_SECONDS * 1_000);
      return json(200, { token_type: "Bearer", expires_in: LIFE_SECONDS, access_token: token });
    }
    const until = tokens.get(headers.authorization?.replace(/^Bearer /, "") ?? "");
    if (until === undefined || until <= clock.now().getTime()) return refuse(401, "InvalidAuthenticationToken");
    if (throttled !== null) {
      const seconds = String(throttled);
      throttled = null;
      return json(429, { error: { code: "TooManyRequests", message: "Too many requests" } }, { "retry-after": seconds });
    }
    const log = (Object.keys(LOGS) as (keyof typeof LOGS)[]).find((each) => LOGS[each].path === url.pathname);
    if (method !== "GET" || log === undefined) return refuse(404, "ResourceNotFound");
    const { time, role } = LOGS[log];
    if (!server.roles.includes(role)) return refuse(403, "Authentication_MSGraphPermissionMissing");
    const [, from, to] = new RegExp(`^${time} ge (\\S+) and ${time} le (\\S+)$`).exec(url.searchParams.get("$filter") ?? "") ?? [];
    if (from === undefined || to === undefined) return refuse(400, "BadRequest");
    const found = server.logs[log].filter((each) => String(each[time]) >= from && String(each[time]) <= to).sort((a, b) => (String(a[time]) < String(b[time]) ? 1 : -1));
    const start = Number(url.searchParams.get("$skiptoken") ?? 0);
    const end = start + Math.min(Number(url.searchParams.get("$top") ?? 1_000), pageSize);
    url.searchParams.set("$skiptoken", String(end));
    return json(200, { "@odata.context": `${server.origin}/v1.0/$metadata#${log}`, ...(end < found.length && { "@odata.nextLink": url.href }), value: found.slice(start, end) });
  };

  const web = await webServer(answer);
  const server: FakeGraph = {
    ...web,
    tenant: "corp.example",
    client: "1b4e28ba-2fa1-4d2e-883f-0016d3cca427",
    secret: "fake~client.secret-of-the-application",
    logs: { signIns: [], directoryAudits: [], riskDetections: [], alerts: [] },
    roles: ["AuditLog.Read.All"],
    expireTokens: () => {
      tokens = new Map();
    },
    throttle: (seconds) => {
      throttled = seconds;
    },
  };
  return server;
}
