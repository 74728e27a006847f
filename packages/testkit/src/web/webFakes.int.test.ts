import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { fakePagerDuty, fakeSlack, fakeWebhook, type WebServer } from "../index.ts";
import { readMrkdwn } from "./slackText.ts";

let server: WebServer;
afterEach(() => server.stop());

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { status: response.status, body: await response.text() };
}

describe("PagerDuty refuses", () => {
  const payload = { summary: "s", source: "x", severity: "error" };
  const event = { routing_key: "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY00", event_action: "trigger", dedup_key: "d", payload };

  it.each([
    ["a routing key of another length", { ...event, routing_key: "short" }],
    ["another action", { ...event, event_action: "close" }],
    ["a resolve without a key", { ...event, event_action: "resolve", dedup_key: undefined }],
    ["a long dedup key", { ...event, dedup_key: "d".repeat(256) }],
    ["no payload", { ...event, payload: undefined }],
    ["a long summary", { ...event, payload: { ...payload, summary: "s".repeat(1025) } }],
    ["no source", { ...event, payload: { ...payload, source: "" } }],
    ["another severity", { ...event, payload: { ...payload, severity: "high" } }],
    ["a time that is none", { ...event, payload: { ...payload, timestamp: "now" } }],
    ["details that are a text", { ...event, payload: { ...payload, custom_details: "x" } }],
    ["links without address", { ...event, links: [{ text: "x" }] }],
    ["more than 512 KB", { ...event, payload: { ...payload, custom_details: { x: "x".repeat(512 * 1024) } } }],
    ["what is no JSON", "{"],
  ])("%s", async (_, wrong) => {
    const pagerduty = await fakePagerDuty();
    server = pagerduty;
    expect((await post(pagerduty.endpoint, event)).status).toBe(202);
    expect((await post(pagerduty.endpoint, wrong)).status).toBe(400);
    expect((await post(pagerduty.endpoint, event, { "content-type": "text/plain" })).status).toBe(400);
    expect(pagerduty.incidents).toHaveLength(1);
  });
});

const section = (text: unknown): unknown => ({ text: "t", blocks: [{ type: "section", text }] });

describe("Slack refuses", () => {
  it.each([
    ["a post without text", { blocks: [] }, "no_text"],
    ["a long text", section({ type: "mrkdwn", text: "x".repeat(3001) }), "invalid_blocks"],
    ["an empty text", section({ type: "mrkdwn", text: "" }), "invalid_blocks"],
    ["a long header", { text: "t", blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] }, "invalid_blocks"],
    ["a header in markup", { text: "t", blocks: [{ type: "header", text: { type: "mrkdwn", text: "x" } }] }, "invalid_blocks"],
    ["eleven fields", { text: "t", blocks: [{ type: "section", fields: Array.from({ length: 11 }, () => ({ type: "mrkdwn", text: "x" })) }] }, "invalid_blocks"],
    ["a section without anything", { text: "t", blocks: [{ type: "section" }] }, "invalid_blocks"],
    ["fifty-one blocks", { text: "t", blocks: Array.from({ length: 51 }, () => ({ type: "section", text: { type: "mrkdwn", text: "x" } })) }, "invalid_blocks"],
    ["what is no JSON", "{", "invalid_payload"],
  ])("%s", async (_, wrong, reason) => {
    const slack = await fakeSlack();
    server = slack;
    expect(await post(slack.url, section({ type: "mrkdwn", text: "x", verbatim: true }))).toEqual({ status: 200, body: "ok" });
    expect(await post(slack.url, wrong)).toEqual({ status: 400, body: reason });
    expect(await post(`${slack.url}x`, section({ type: "mrkdwn", text: "x" }))).toEqual({ status: 404, body: "no_service" });
    expect(slack.messages).toHaveLength(1);
  });

  it("nothing that acts: it shows who is called and what can be clicked", async () => {
    server = await fakeSlack();
    expect(readMrkdwn("<!channel> <@U1|anna> <https://a.example|b> &lt;!here&gt; &amp;lt;", true)).toEqual({ shown: "!channel anna b <!here> &lt;", mentions: ["channel", "U1"], links: ["https://a.example"] });
    expect(readMrkdwn("@here https://a.example", false)).toMatchObject({ mentions: ["here"], links: ["https://a.example"] });
    expect(readMrkdwn("@here https://a.example", true)).toMatchObject({ mentions: [], links: [] });
  });
});

describe("a receiver of webhooks refuses", () => {
  it("what is not signed, or is signed wrongly", async () => {
    const webhook = await fakeWebhook(() => new Date(1_000_000));
    server = webhook;
    const body = JSON.stringify({ type: "x", timestamp: "x", data: {} });
    const signed = (timestamp: string): Record<string, string> => {
      const key = Buffer.from(webhook.secret.slice("whsec_".length), "base64");
      return { "webhook-id": "a", "webhook-timestamp": timestamp, "webhook-signature": `v1,${createHmac("sha256", key).update(`a.${timestamp}.${body}`).digest("base64")}` };
    };
    expect((await post(webhook.url, body)).status).toBe(401);
    expect((await post(webhook.url, body, { ...signed("1000"), "webhook-signature": "v1,AAAA" })).status).toBe(401);
    for (const timestamp of ["699", "1301", "1e3"]) expect((await post(webhook.url, body, signed(timestamp))).status).toBe(401);
    expect(webhook.events).toEqual([]);
    for (const timestamp of ["700", "1300"]) expect((await post(webhook.url, body, signed(timestamp))).status).toBe(204);
    expect(webhook.events).toHaveLength(1);
  });
});
