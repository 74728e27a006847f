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
