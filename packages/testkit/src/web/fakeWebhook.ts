import { createHmac } from "node:crypto";
import { jsonObject, saysJson, webServer, type WebServer } from "./webServer.ts";

export interface FakeWebhook extends WebServer {
  readonly url: string;
  /** What the sender signs with: `whsec_` and base64. */
  readonly secret: string;
  /** The bodies that were taken, each `Webhook-Id` once. */
  readonly events: readonly { id: string; body: Record<string, unknown> }[];
}

const TOLERANCE_SECONDS = 5 * 60;

/**
 * Starts a receiver of Standard Webhooks on a free port of the loopback interface. It answers 204; a request without a right signature, or
 * more than five minutes away from `now`, gets 401.
 */
export async function fakeWebhook(now: () => Date): Promise<FakeWebhook> {
  const key = Buffer.alloc(24, "key of the fake");
  const events: { id: string; body: Record<string, unknown> }[] = [];
  const server = await webServer((request) => {
    if (request.path !== "/hook/path-is-secret") return { status: 404, body: "" };
    const header = (name: string): string => String(request.headers[name] ?? "");
    const [id, timestamp] = [header("webhook-id"), header("webhook-timestamp")];
    const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${request.body}`).digest("base64");
    const fresh = /^[0-9]{1,12}$/.test(timestamp) && Math.abs(now().getTime() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
    if (id === "" || !fresh || !header("webhook-signature").split(" ").includes(`v1,${expected}`)) return { status: 401, body: "" };
    const body = request.method === "POST" && saysJson(request) ? jsonObject(request.body) : undefined;
    if (body === undefined || typeof body["type"] !== "string" || typeof body["timestamp"] !== "string" || body["data"] === undefined) return { status: 400, body: "" };
    if (!events.some((event) => event.id === id)) events.push({ id, body });
    return { status: 204, body: "" };
  });
  return { ...server, url: `${server.origin}/hook/path-is-secret`, secret: `whsec_${key.toString("base64")}`, events };
}
