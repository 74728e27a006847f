import { expect, it } from "vitest";
import { Problem } from "@corduroy/contract";
import { PASSWORD, testService } from "../test/running.ts";

const test = testService({ host: "0.0.0.0", trustedProxies: ["127.0.0.1"], publicUrl: "https://corduroy.example.com" });

it("behind a proxy that ends TLS, nothing that came to it in the clear is answered, and no password is taken", async () => {
  const by = (proto: string, path: string, init: RequestInit = {}): Promise<Response> => test.fetch(path, { ...init, headers: { "Content-Type": "application/json", "X-Forwarded-Proto": proto } });
  const signIn = { method: "POST", body: JSON.stringify({ email: "anna@example.com", password: PASSWORD }) };
  for (const answer of [await by("http", "/"), await by("http", "/sign-in"), await by("http", "/v1/sign-in"), await by("http", "/v1/sign-in", signIn), await by("http", "/v1/events/generic.json", signIn)]) {
    expect([answer.status, answer.headers.get("content-type"), Problem.parse(await answer.json())]).toMatchObject([403, expect.stringMatching(/^application\/problem\+json/) as string, { detail: expect.stringContaining("plain HTTP") as string, hint: expect.stringContaining("X-Forwarded-Proto") as string }]);
  }
  expect([(await by("https", "/")).status, (await by("https", "/v1/sign-in", signIn)).status]).toEqual([200, 200]);
  expect([(await by("http", "/healthz")).status, (await by("http", "/readyz")).status]).toEqual([200, 200]);
  expect(test.service.setupLink).toMatch(/^https:\/\/corduroy\.example\.com\/setup#/);
});
