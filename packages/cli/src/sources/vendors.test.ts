import { expect, it } from "vitest";
import { reachOf, secretOf } from "./vendors.ts";

it("makes of the command line what the service is to ask with, and takes addresses that were not named as the vendor has them", () => {
  expect(reachOf("google-workspace", { admin: "reader@corp.example", application: "login", tenant: "of another vendor" }, '{"type":"service_account"}')).toEqual({
    kind: "google-workspace", address: "https://admin.googleapis.com", admin: "reader@corp.example", application: "login", key: '{"type":"service_account"}',
  });
});

it("asks for no secret where there is none, and takes a role there", async () => {
  const role = "arn:aws:iam::111122223333:role/corduroy";
  const detector = { region: "eu-west-1", detector: "12abc34d567e8fa901bc2d34e56789f0" };
  expect(reachOf("guardduty", { ...detector, role }, await secretOf("guardduty", undefined))).toEqual({ kind: "guardduty", ...detector, role });
  expect(reachOf("guardduty", detector, null)).toEqual({ kind: "guardduty", ...detector, role: null });
});

it("names what is missing or wrong, and no secret", () => {
  expect(() => reachOf("google-workspace", { address: "https://admin.googleapis.com" }, "hush-hush-hush")).toThrow("For google-workspace it needs --admin and --application.");
  expect(() => reachOf("google-workspace", { admin: "reader", application: "login" }, "hush-hush-hush")).toThrow(/^Of what is needed for google-workspace, this is not right: admin\.$/);
});

it("asks for an event hub with a connection string, or as an application", () => {
  const secret = "Endpoint=sb://corp.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b;EntityPath=logs";
  expect(reachOf("azure-event-hubs", { group: "corduroy" }, secret)).toEqual({ kind: "azure-event-hubs", hub: null, group: "corduroy", source: null, address: null, login: "https://login.microsoftonline.com", tenant: null, client: null, secret });
  const application = { address: "sb://corp.servicebus.windows.net", hub: "logs", tenant: "corp.example", client: "1b4e28ba-2fa1-11d2-883f-0016d3cca427", source: "entra.signin" };
  expect(reachOf("azure-event-hubs", application, "a-secret-of-it")).toMatchObject({ ...application, group: "$Default" });
  expect(() => reachOf("azure-event-hubs", { source: "No Such" }, secret)).toThrow("this is not right: source.");
});
