import fc from "fast-check";
import { expect, it } from "vitest";
import { isSigned, webhookSecrets } from "./webhookSecret.ts";

it("takes the signature that GitHub's documentation shows, and no other", () => {
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const body = Buffer.from("Hello, World!");
  const secret = "It's a Secret to Everybody";
  expect(isSigned(body, signature, secret)).toBe(true);
  expect(isSigned(body, signature, `${secret}!`)).toBe(false);
  expect(isSigned(Buffer.from("Hello, World"), signature, secret)).toBe(false);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.constant(signature.slice(7)), fc.constant(`${signature}0`), fc.constant(signature.toUpperCase())), (other) => {
    expect(isSigned(body, other, secret)).toBe(false);
  }));
});

it("is another for each token and each key, and the same every time", () => {
  const [one, other] = [webhookSecrets(new Uint8Array(32)), webhookSecrets(new Uint8Array(32).fill(1))];
  expect(new Set([one("a"), one("b"), other("a"), webhookSecrets(new Uint8Array(32))("a")]).size).toBe(3);
  expect(one("a")).toMatch(/^[0-9a-f]{64}$/);
});

it("is pinned: secrets given out stay good", () => expect(webhookSecrets(new Uint8Array(32))("0123456789abcdef")).toBe("6c0cbf0c86d11d75950cfb93f0a52b1d68d066a7edaee324266d30b313751351"));
