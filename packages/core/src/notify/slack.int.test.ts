import { fakeSlack, type FakeSlack, type SlackMessage } from "@corduroy/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver, type AlertMessage, type Delivery } from "./index.ts";
import { ACTING, HOSTILE_TEXTS, message, wayTo, withText } from "./test/messages.ts";

let slack: FakeSlack;
beforeEach(async () => {
  slack = await fakeSlack();
});
afterEach(() => slack.stop());

const send = (what: AlertMessage, url = slack.url): Promise<Delivery> => deliver({ type: "slack", url }, what, wayTo(slack.place));
const shown = ({ texts }: SlackMessage): string[] => texts.map((text) => text.shown);

describe("a post", () => {
  it("shows everything that is known, and links to the page", async () => {
    expect(await send(message())).toEqual({ outcome: "delivered", detail: "Slack answered 200." });
    const post = slack.messages[0]!;
    expect(post.fallback.shown).toBe("[HIGH] anna stopped the audit log in production");
    expect(shown(post)).toEqual([
      "[HIGH] anna stopped the audit log in production",
      "CloudTrail was stopped by anna from 203.0.113.9.\nCheck whether it was planned.",
      "*Account*\n111122223333",
      "*Region*\neu-west-1",
      "high · 2026-11-20T09:59:30Z",
      "Open in Corduroy",
    ]);
    expect(post.texts.flatMap(({ links }) => links)).toEqual([message().link]);
  });

  it("says what became of it", async () => {
    for (const kind of ["acknowledged", "resolved", "digest", "test"] as const) await send(message({ kind, title: "x", lines: [], facts: [], link: null }));
    expect(slack.messages.map(({ fallback }) => fallback.shown)).toEqual(["Acknowledged: x", "Resolved: x", "x", "Test: x"]);
  });

  it.each(HOSTILE_TEXTS)("calls nobody, links nowhere and is accepted with %.40j in every place", async (text) => {
    expect((await send(withText(text))).outcome).toBe("delivered");
    const post = slack.messages[0]!;
    const readings = [post.fallback, ...post.texts];
    expect(readings.flatMap(({ mentions }) => mentions)).toEqual([]);
    expect(readings.flatMap(({ links }) => links)).toEqual([message().link]);
    expect(readings.map((reading) => reading.shown).join("")).not.toMatch(ACTING);
  });

  it("shows hostile text as it is written, and keeps a link whole", async () => {
    await send(message({ lines: ["<!channel> & <https://evil.example|x>"], link: "https://corduroy.example/a|b>c?d=<e>&f" }));
    expect(shown(slack.messages[0]!)[1]).toBe("<!channel> & <https://evil.example|x>");
    expect(slack.messages[0]!.texts.at(-1)).toEqual({ shown: "Open in Corduroy", mentions: [], links: ["https://corduroy.example/a%7Cb%3Ec?d=%3Ce%3E&f"] });
  });

  it("goes without a link that Slack would not take", async () => {
    expect((await send(message({ link: `https://corduroy.example/?${"&".repeat(1900)}` }))).outcome).toBe("delivered");
    expect(slack.messages[0]!.texts.flatMap(({ links }) => links)).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it.each([
    [{ kind: "status", status: 429, headers: { "retry-after": "30" }, body: "rate_limited" }, { outcome: "retry", after: 30, detail: "Slack answered 429: rate_limited." }],
    [{ kind: "status", status: 500, body: "rollup_error" }, { outcome: "retry", after: 60, detail: "Slack answered 500: rollup_error." }],
    [{ kind: "status", status: 410, body: "channel_is_archived" }, { outcome: "rejected", detail: "Slack answered 410: channel_is_archived." }],
    [{ kind: "status", status: 403, body: "<html>XXXXXXXXXXXXXXXXXXXXXXXX</html>" }, { outcome: "rejected", detail: "Slack answered 403." }],
  ] as const)("%j gives %j", async (fault, expected) => {
    slack.fail(fault);
    expect(await send(message())).toEqual(expected);
  });

  it("never tells the webhook's path", async () => {
    expect(await send(message(), `${slack.url}gone`)).toEqual({ outcome: "rejected", detail: "Slack answered 404: no_service." });
    slack.fail({ kind: "close" });
    expect(await send(message())).toEqual({ outcome: "retry", after: 60, detail: `http://${slack.place} could not be reached (UND_ERR_SOCKET).` });
  });
});
