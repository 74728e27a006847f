import { describe, expect, it } from "vitest";
import { azureEventHubs } from "./azureEventHubs.ts";
import { hubOf, hubReach, type HubReach } from "./reach.ts";

const KEY = "c2VjcmV0LWtleS1vZi1hLXBvbGljeQ==";
const base: HubReach = { kind: "azure-event-hubs", hub: null, group: "$Default", source: null, address: null, login: "https://login.microsoftonline.com", tenant: null, client: null, secret: `Endpoint=sb://Corp.servicebus.windows.net/;SharedAccessKeyName=corduroy;SharedAccessKey=${KEY};EntityPath=logs` };
const application: HubReach = { ...base, hub: "logs", address: "sb://corp.servicebus.windows.net", tenant: "corp.example", client: "1b4e28ba-2fa1-11d2-883f-0016d3cca427", secret: "secret~of-the.application" };

describe("what it takes to read a hub", () => {
  it("is a connection string", () => {
    expect(hubOf(hubReach.parse(base))).toEqual({ host: "corp.servicebus.windows.net", port: 5671, tls: true, name: "logs", group: "$Default", identity: { by: "key", name: "corduroy", key: KEY } });
    const ofNamespace = { ...base, hub: "other", secret: base.secret.replace(";EntityPath=logs", "") };
    expect(hubOf(hubReach.parse(ofNamespace)).name).toBe("other");
    const emulator = { ...base, secret: `${base.secret.replace("Corp.servicebus.windows.net/", "127.0.0.1:5672")};UseDevelopmentEmulator=true` };
    expect(hubOf(hubReach.parse(emulator))).toMatchObject({ host: "127.0.0.1", port: 5672, tls: false });
  });

  it("or an application, which is always spoken to in TLS", () => {
    expect(hubOf(hubReach.parse(application))).toMatchObject({ host: "corp.servicebus.windows.net", port: 5671, tls: true, name: "logs", identity: { by: "application", tenant: "corp.example" } });
  });

  it.each<[string, Partial<HubReach>]>([
    ["names no hub", { secret: base.secret.replace(";EntityPath=logs", "") }],
    ["names another hub", { hub: "others" }],
    ["which expires", { secret: `Endpoint=sb://corp.servicebus.windows.net/;SharedAccessSignature=${KEY}` }],
    ["it is a connection string", { secret: base.secret.replace("sb://", "https://") }],
    ["it is a connection string", { secret: `https://corp.example/?${KEY}` }],
    ["no name of a hub", { secret: `${base.secret}/../others` }],
    ["needs hub, address and client", { tenant: "corp.example" }],
    ["needs its tenant", { client: application.client }],
    ["It has a path.", { ...application, address: "sb://corp.servicebus.windows.net/logs" }],
    ["that of the namespace", { ...application, address: "sb://user:password@corp.servicebus.windows.net" }],
    ["There is no such source.", { source: "no.such" }],
    ["", { group: "a/b" }],
    ["", { ...application, hub: "logs/ConsumerGroups" }],
  ])("is refused where it %s", (words, change) => {
    const { error } = hubReach.safeParse({ ...base, ...change });
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain(KEY);
  });
});

it("tells hubs apart by what holds no secret, and says the least that will do", () => {
  expect(azureEventHubs({ ...base, group: "corduroy" })).toMatchObject({ source: "azure.diagnostics", records: "any", target: "sb://corp.servicebus.windows.net/logs (corduroy)", needs: expect.stringMatching(/--rights Listen[^]*consumer-group create/) as string });
  expect(azureEventHubs({ ...application, source: "entra.signin" })).toMatchObject({ source: "entra.signin", records: "entra.signin", needs: expect.stringContaining('"Azure Event Hubs Data Receiver" --scope') as string });
});
