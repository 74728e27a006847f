import type { TestClock } from "../sqs/testClock.ts";
import { webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

/** A LogEvent; `published` is when it happened. */
export type OktaEvent = Record<string, unknown> & { uuid: string; published: string };

export interface FakeOkta extends WebServer {
  /** The token that may read the log. */
  readonly token: string;
  /** A token of somebody who may not. */
  readonly weakToken: string;
  /** Keeps an event. Polling requests come to it in the order in which events were kept, whenever they happened. */
  keep(event: OktaEvent): void;
  /** So many requests are left in this minute; at most 120. */
  allow(requests: number): void;
  /** Forgets all cursors it has given out. */
  forgetCursors(): void;
}

const A_MINUTE = 120;

/**
 * Starts the System Log of an Okta org on a free port of the loopback interface: `GET /api/v1/logs` with SSWS tokens, polling and bounded requests, opaque cursors in
 * `Link`, and a limit on requests a minute with its three headers.
 * @param pageSize the most events it gives at once, whatever is asked for
 */
export async function fakeOkta({ clock, pageSize = 1_000 }: { clock: TestClock; pageSize?: number }): Promise<FakeOkta> {
  const token = "00FakeTokenOfAReadOnlyAdministrator";
  const weakToken = "00FakeTokenOfNobodyInParticular";
  const kept: { event: OktaEvent; at: number }[] = [];
  let [left, resetAt, generation] = [A_MINUTE, 0, 0];

  const answer = (request: WebRequest, origin: string): WebAnswer => {
    const now = clock.now().getTime();
    if (now >= resetAt) [left, resetAt] = [resetAt === 0 ? left : A_MINUTE, now - (now % 60_000) + 60_000];
    const headers: Record<string, string> = { "content-type": "application/json", date: clock.now().toUTCString(), "x-rate-limit-limit": String(A_MINUTE), "x-rate-limit-remaining": String(Math.max(left - 1, 0)), "x-rate-limit-reset": String(Math.ceil(resetAt / 1_000)) };
    const refuse = (status: number, errorCode: string, errorSummary: string): WebAnswer => ({ status, headers, body: JSON.stringify({ errorCode, errorSummary, errorLink: errorCode, errorId: "oae0", errorCauses: [] }) });
    const url = new URL(request.path, origin);
    if (request.method !== "GET" || url.pathname !== "/api/v1/logs") return refuse(404, "E0000007", "Not found");
    if (left === 0) return refuse(429, "E0000047", "API call exceeded rate limit due to too many requests.");
    left--;
    if (![token, weakToken].some((each) => request.headers.authorization === `SSWS ${each}`)) return refuse(401, "E0000011", "Invalid token provided");
    if (request.headers.authorization !== `SSWS ${token}`) return refuse(403, "E0000006", "You do not have permission to perform the requested action");
    const [since, until, after, limit] = ["since", "until", "after", "limit"].map((name) => url.searchParams.get(name));
    if (url.searchParams.get("sortOrder") !== "ASCENDING" || Number.isNaN(Date.parse(since ?? "")) || !(Number(limit) >= 1 && Number(limit) <= 1_000)) return refuse(400, "E0000001", "Api validation failed");
    const [from, cursorsOf] = after === null || after === undefined ? [0, generation] : Buffer.from(after, "base64url").toString("latin1").split(" ").map(Number) as [number, number];
    if (cursorsOf !== generation) return refuse(400, "E0000001", "Api validation failed: after");
    const isIn = ({ event, at }: (typeof kept)[number]): boolean => (until === null ? at >= Date.parse(since!) || Date.parse(event.published) >= Date.parse(since!) : event.published >= since! && event.published < until!);
    const events: OktaEvent[] = [];
    let place = from;
    for (; place < kept.length && events.length < Math.min(pageSize, Number(limit)); place++) if (isIn(kept[place]!)) events.push(kept[place]!.event);
    const isEnd = until !== null && events.length === 0;
    url.searchParams.set("after", Buffer.from(`${place} ${generation}`, "latin1").toString("base64url"));
    const self = `<${new URL(request.path, origin).href}>; rel="self"`;
    return { status: 200, headers: { ...headers, link: isEnd ? self : `${self}, <${url.href}>; rel="next"` }, body: JSON.stringify(events) };
  };

  const server: WebServer = await webServer((request) => answer(request, server.origin));
  return {
    ...server,
    token,
    weakToken,
    keep: (event) => void kept.push({ event, at: clock.now().getTime() }),
    allow: (requests) => {
      left = requests;
    },
    forgetCursors: () => {
      generation++;
    },
  };
}
