import { fakePagerDuty, type FakePagerDuty } from "@corduroy/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver, type AlertMessage, type Delivery } from "./index.ts";
import { ACTING, HOSTILE_TEXTS, message, textsIn, wayTo, withText } from "./test/messages.ts";

let pagerduty: FakePagerDuty;
beforeEach(async () => {
  pagerduty = await fakePagerDuty();
});
afterEach(() => pagerduty.stop());

const send = (what: AlertMessage, more: { endpoint?: string; timeoutMs?: number } = {}): Promise<Delivery> =>
  deliver({ type: "pagerduty", routing_key: pagerduty.routingKey, endpoint: more.endpoint ?? pagerduty.endpoint }, what, wayTo(pagerduty.place, more.timeoutMs));

describe("a page", () => {
  it("opens an incident with everything that is known", async () => {
    expect(await send(message())).toEqual({ outcome: "delivered", detail: "PagerDuty answered 202." });
    expect(pagerduty.incidents).toEqual([
      {
        dedupKey: "finding/ab12cd34ab12cd34",
        status: "triggered",
        events: [
          {
            action: "trigger",
            dedupKey: "finding/ab12cd34ab12cd34",
            payload: {
              summary: "[HIGH] anna stopped the audit log in production",
              source: "corduroy",
              severity: "error",
              timestamp: "2026-11-20T09:59:30Z",
              class: "finding",
              custom_details: { Account: "111122223333", Region: "eu-west-1", text: "CloudTrail was stopped by anna from 203.0.113.9.\nCheck whether it was planned." },
            },
            links: [{ href: message().link, text: "Open in Corduroy" }],
          },
        ],
      },
    ]);
  });

  it("joins the incident that is open, is acknowledged and resolved by the same id, and opens another after that", async () => {
    for (const kind of ["finding", "finding", "acknowledged", "resolved", "resolved", "finding"] as const) expect((await send(message({ kind }))).outcome).toBe("delivered");
    expect(pagerduty.incidents.map(({ status, events }) => [status, events.map(({ action }) => action)])).toEqual([
      ["resolved", ["trigger", "trigger", "acknowledge", "resolve"]],
      ["triggered", ["trigger"]],
    ]);
  });

  it.each([["critical", "critical"], ["high", "error"], ["medium", "warning"], ["low", "info"], ["informational", "info"]] as const)("of level %s has severity %s", async (level, severity) => {
    await send(message({ level, link: null }));
    expect(pagerduty.incidents[0]?.events[0]).toMatchObject({ payload: { severity }, links: undefined });
  });

  it.each(HOSTILE_TEXTS)("is accepted with %.40j in every place", async (text) => {
    expect((await send(withText(text))).outcome).toBe("delivered");
    expect(textsIn(pagerduty.incidents[0]?.events[0]?.payload)).not.toMatch(ACTING);
  });
});

describe("what goes wrong", () => {
  it.each([
    [{ kind: "status", status: 429, headers: { "retry-after": "17" } }, { outcome: "retry", after: 17, detail: "PagerDuty answered 429." }],
    [{ kind: "status", status: 500 }, { outcome: "retry", after: 60, detail: "PagerDuty answered 500." }],
    [{ kind: "status", status: 302, headers: { location: "https://evil.example/" } }, { outcome: "rejected", detail: "PagerDuty answered 302." }],
    [{ kind: "status", status: 200 }, { outcome: "rejected", detail: "PagerDuty answered 200 instead of 202; check the endpoint." }],
  ] as const)("%j gives %j", async (fault, expected) => {
    pagerduty.fail(fault);
    expect(await send(message())).toEqual(expected);
    expect(pagerduty.incidents).toEqual([]);
  });

  it("is tried again when the connection breaks or nothing comes", async () => {
    pagerduty.fail({ kind: "close" });
    expect(await send(message())).toEqual({ outcome: "retry", after: 60, detail: `http://${pagerduty.place} could not be reached (UND_ERR_SOCKET).` });
    pagerduty.fail({ kind: "hang" });
    expect(await send(message(), { timeoutMs: 100 })).toMatchObject({ outcome: "retry", detail: `http://${pagerduty.place} did not answer within 0.1 seconds.` });
  });

  it("is told in PagerDuty's words, without the key", async () => {
    pagerduty.fail({ kind: "status", status: 400, body: JSON.stringify({ errors: [`'routing_key' ${pagerduty.routingKey} is invalid\u202E`] }) });
    expect(await send(message())).toEqual({ outcome: "rejected", detail: "PagerDuty answered 400: 'routing_key' (the routing key) is invalid\\u{202E}." });
  });

  it("is final where the endpoint is not allowed", async () => {
    const inside = await send(message(), { endpoint: "http://10.0.0.1/secret-path" });
    expect(inside).toEqual({ outcome: "rejected", detail: "http://10.0.0.1 would be asked without TLS. Use https://, or put 10.0.0.1:80 on the allow-list if it is inside the company." });
    expect(await send(message(), { endpoint: "https://169.254.169.254/secret-path" })).toMatchObject({ outcome: "rejected", detail: expect.not.stringContaining("secret") as string });
  });
});
