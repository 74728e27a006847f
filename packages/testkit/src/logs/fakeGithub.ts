import type { TestClock } from "../sqs/testClock.ts";
import { webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

/** An entry of the audit log; `@timestamp` is in milliseconds. */
export type GithubEntry = Record<string, unknown> & { "@timestamp": number; _document_id: string };

export interface FakeGithub extends WebServer {
  readonly organisation: string;
  /** A token with read:audit_log. */
  readonly token: string;
  /** A token without it. */
  readonly weakToken: string;
  entries: GithubEntry[];
  /** So many requests are left in this hour; at most 1,750. */
  allow(requests: number): void;
}

const AN_HOUR = 1_750;
const RANGE = /^created:(\S+)\.\.(\S+)$/;

/**
 * Starts the audit log of an organisation of GitHub on a free port of the loopback interface: `GET /orgs/{org}/audit-log` with `phrase=created:FROM..TO`, `order=asc`, cursors in
 * `Link`, Git events only with `include=all`, and the headers and the 403 of its rate limit.
 */
export async function fakeGithub({ clock, pageSize = 100 }: { clock: TestClock; pageSize?: number }): Promise<FakeGithub> {
  const [organisation, token, weakToken] = ["corp", "ghp_fakeTokenWithReadAuditLog", "ghp_fakeTokenWithoutAnyScope"];
  let [left, resetAt] = [AN_HOUR, 0];

  const answer = ({ method, path, headers }: WebRequest): WebAnswer => {
    const now = clock.now().getTime();
    if (now >= resetAt) [left, resetAt] = [resetAt === 0 ? left : AN_HOUR, now + 3_600_000];
    const limits: Record<string, string> = { "content-type": "application/json; charset=utf-8", date: clock.now().toUTCString(), "x-ratelimit-limit": String(AN_HOUR), "x-ratelimit-remaining": String(Math.max(left - 1, 0)), "x-ratelimit-reset": String(Math.ceil(resetAt / 1_000)) };
    const refuse = (status: number, message: string): WebAnswer => ({ status, headers: limits, body: JSON.stringify({ message, documentation_url: "https://docs.github.com/rest" }) });
    if (!headers["user-agent"]) return refuse(403, "Request forbidden by administrative rules.");
    if (left === 0) return refuse(403, "API rate limit exceeded for user ID 1.");
    left--;
    const known = [token, weakToken].find((each) => headers.authorization === `Bearer ${each}`);
    if (known === undefined) return refuse(401, "Bad credentials");
    const url = new URL(path, server.origin);
    if (method !== "GET" || url.pathname !== `/orgs/${organisation}/audit-log` || known === weakToken) return refuse(404, "Not Found");
    const [, from, to] = RANGE.exec(url.searchParams.get("phrase") ?? "") ?? [];
    const size = Number(url.searchParams.get("per_page"));
    if (from === undefined || to === undefined || Number.isNaN(Date.parse(from) + Date.parse(to)) || url.searchParams.get("order") !== "asc" || !(size >= 1 && size <= 100)) return refuse(422, "Validation Failed");
    const found = server.entries
      .filter((entry) => seconds(entry) >= Date.parse(from) && seconds(entry) <= Date.parse(to) && (url.searchParams.get("include") === "all" || !String(entry["action"]).startsWith("git.")))
      .sort((a, b) => a["@timestamp"] - b["@timestamp"]);
    const after = url.searchParams.get("after");
    const start = after === null ? 0 : Number(Buffer.from(after, "base64url").toString("latin1"));
    const end = start + Math.min(size, pageSize);
    url.searchParams.set("after", Buffer.from(String(end), "latin1").toString("base64url"));
    return { status: 200, headers: { ...limits, ...(end < found.length && { link: `<${url.href}>; rel="next"` }) }, body: JSON.stringify(found.slice(start, end)) };
  };

  const web = await webServer(answer);
  const server: FakeGithub = {
    ...web,
    organisation,
    token,
    weakToken,
    entries: [],
    allow: (requests) => {
      left = requests;
    },
  };
  return server;
}

/** Spans are of whole seconds. */
function seconds(entry: GithubEntry): number {
  return Math.floor(entry["@timestamp"] / 1_000) * 1_000;
}
