import { NewDestination } from "@corduroy/contract";
import { fakeWebhook } from "@corduroy/testkit";
import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { deliver, destination, verifySignature, type SignedHeaders } from "./index.ts";
import { message, NOW, wayTo } from "./test/messages.ts";

const page = readFileSync(new URL("../../../../docs/notifications.md", import.meta.url), "utf8");
const examples = (language: string): string[] => Array.from(page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs")), ([, example]) => example ?? "");

it("docs/notifications.md shows destinations of every type", () => {
  const shown = z.array(NewDestination).parse(JSON.parse(examples("json")[0] ?? ""));
  expect(shown.map(({ kind }) => kind)).toEqual(["pagerduty", "slack", "email", "webhook"]);
  for (const { name: _, kind: type, ...rest } of shown) {
    const { routingKey, to, ...more } = { routingKey: undefined, to: undefined, ...rest };
    const server = { host: "smtp.corp.example", from: "corduroy@corp.example" };
    destination.parse({ type, ...more, ...(routingKey !== undefined && { routing_key: routingKey }), ...(to !== undefined && { ...server, to: [to] }) });
  }
});

it("docs/notifications.md shows the very body of a webhook, and how to verify it", async () => {
  const webhook = await fakeWebhook(() => NOW);
  onTestFinished(() => webhook.stop());
  await deliver({ type: "webhook", url: webhook.url, secret: webhook.secret }, message(), wayTo(webhook.place));
  expect(JSON.parse(examples("json")[1] ?? "")).toEqual(webhook.events[0]?.body);

  const { isGenuine } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(examples("js")[0] ?? "")}`)) as { isGenuine: (secret: string, headers: unknown, body: string, now: number) => boolean };
  const { headers, body } = webhook.requests[0]!;
  for (const [secret, text, now] of [[webhook.secret, body, NOW], [webhook.secret, `${body} `, NOW], ["whsec_AAAA", body, NOW], [webhook.secret, body, new Date(NOW.getTime() + 301_000)]] as const) {
    const genuine = isGenuine(secret, headers, text, now.getTime());
    expect([genuine, verifySignature(secret, headers as unknown as SignedHeaders, text, now)]).toEqual(text === body && secret === webhook.secret && now === NOW ? [true, true] : [false, false]);
  }
});
