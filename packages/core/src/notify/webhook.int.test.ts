import { fakeWebhook, type FakeWebhook } from "@corduroy/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver, type AlertMessage, type Delivery } from "./index.ts";
import { ACTING, HOSTILE_TEXTS, message, NOW, textsIn, wayTo, withText } from "./test/messages.ts";

let webhook: FakeWebhook;
beforeEach(async () => {
  webhook = await fakeWebhook(() => NOW);
});
afterEach(() => webhook.stop());

const send = (what: AlertMessage, secret = webhook.secret): Promise<Delivery> => deliver({ type: "webhook", url: webhook.url, secret }, what, wayTo(webhook.place));

describe("a webhook", () => {
  it("gets a signed body with everything that is known", async () => {
    expect(await send(message())).toEqual({ outcome: "delivered", detail: "The webhook's receiver answered 204." });
    const { id, level, title, lines, facts, link, at } = message();
    expect(webhook.events[0]?.body).toEqual({ type: "corduroy.finding", timestamp: at, data: { id, title, level, lines, facts, link } });
  });

  it("is the same event at every attempt, and another for another message about the same thing", async () => {
    webhook.fail({ kind: "status", status: 503 });
    expect((await send(message())).outcome).toBe("retry");
    webhook.fail();
    await send(message());
    await send(message());
    await send(message({ kind: "resolved" }));
    await send(message({ at: "2026-11-20T09:59:31Z" }));
    expect(webhook.requests).toHaveLength(5);
    expect(webhook.events.map(({ body }) => [body["type"], body["timestamp"]])).toEqual([
      ["corduroy.finding", message().at],
      ["corduroy.resolved", message().at],
      ["corduroy.finding", "2026-11-20T09:59:31Z"],
    ]);
    const ids = webhook.requests.map(({ headers }) => headers["webhook-id"]);
    expect([new Set(ids.slice(0, 3)).size, new Set(ids).size]).toEqual([1, 3]);
  });

  it.each(HOSTILE_TEXTS)("is accepted with %.40j in every place", async (text) => {
    expect((await send(withText(text))).outcome).toBe("delivered");
    expect(textsIn(webhook.events[0]?.body)).not.toMatch(ACTING);
  });

  it("is refused with another secret, and nothing of it is told", async () => {
    const secret = `whsec_${Buffer.alloc(24, "another").toString("base64")}`;
    expect(await send(message(), secret)).toEqual({ outcome: "rejected", detail: "The webhook's receiver answered 401." });
  });
});
