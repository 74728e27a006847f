import { expect, it } from "vitest";
import { reachOf } from "./vendors.ts";

it("makes of the command line what the service is to ask with, and takes addresses that were not named as the vendor has them", () => {
  expect(reachOf("google-workspace", { admin: "reader@corp.example", application: "login", tenant: "of another vendor" }, '{"type":"service_account"}')).toEqual({
    kind: "google-workspace", address: "https://admin.googleapis.com", admin: "reader@corp.example", application: "login", key: '{"type":"service_account"}',
  });
});

it("names what is missing or wrong, and no secret", () => {
  expect(() => reachOf("google-workspace", { address: "https://admin.googleapis.com" }, "hush-hush-hush")).toThrow("For google-workspace it needs --admin and --application.");
  expect(() => reachOf("google-workspace", { admin: "reader", application: "login" }, "hush-hush-hush")).toThrow(/^Of what is needed for google-workspace, this is not right: admin\.$/);
});
