import { expect, it, vi } from "vitest";
import { api, FindingSummary } from "@corduroy/contract";
import { fakeSlack } from "@corduroy/testkit";
import { testService } from "./test/running.ts";

const slack = await fakeSlack();
const test = testService({ allow: [slack.place], onStop: () => slack.stop() });
const LONG = { timeout: 60_000, interval: 20 };

/** Findings as a browser hears of them, from now on. */
async function followed(): Promise<FindingSummary[]> {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "browser", scopes: ["read"], days: 1 } });
  const stream = await test.fetch(api.findings.live.path, { headers: { Authorization: `Bearer ${token}` } });
  const heard: FindingSummary[] = [];
  void (async () => {
    let text = "";
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      const lines = `${text}${chunk}`.split("\n");
      text = lines.pop()!;
      for (const line of lines) if (line.startsWith("data: ")) heard.push(FindingSummary.parse(JSON.parse(line.slice(6))));
    }
  })().catch(() => undefined);
  return heard;
}

it("tells browsers of what is hidden and shown again, and the team of what nobody was told of before", async () => {
  await test.admin.call(api.admin.addDestination, { body: { kind: "slack", name: "security", url: slack.url } });
  await test.admin.call(api.admin.setSecurityRoute, { body: { destinations: ["security"] } });
  const hide = (reason: string, scope: { account: string }): Promise<{ id: string }> => test.admin.call(api.findings.suppress, { body: { reason, scope, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } });
  const first = await hide("Before it happens.", { account: "111122223333" });
  const record = {
    eventVersion: "1.10", eventTime: new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z/, "Z"), eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/dana", principalId: "AIDAEXAMPLE" }, eventID: "5d7c1ec2-45a4-42ca-b3ce-497786000001", recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
  };
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: ["events:aws.cloudtrail"], days: 1 } });
  await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ Records: [record] }) });
  await test.service.ingest.receiver.spool.seal();
  const all = { state: "all", suppressed: "all" } as const;
  await vi.waitFor(async () => expect((await test.admin.call(api.findings.list, { query: all })).items).toMatchObject([{ suppressed: true }]), LONG);
  const heard = await followed();
  await test.admin.call(api.findings.endSuppression, { params: { id: first.id } });
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), LONG);
  await vi.waitFor(() => expect(heard.at(0)).toMatchObject({ suppressed: false }), LONG);
  await hide("After it happened.", { account: "111122223333" });
  await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ suppressed: true }), LONG);
  expect(slack.messages).toHaveLength(1);
});
