import { randomBytes, sign, verify, createPublicKey } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openKeyFile, SecretBox, signingKey } from "./secrets.ts";

describe("the box", () => {
  const box = new SecretBox(Buffer.alloc(32, 1));

  it("gives back what was put in, for what it belongs to", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (secret, belongsTo) => {
      const sealed = box.seal(secret, belongsTo);
      expect(box.open(sealed, belongsTo)).toBe(Buffer.from(secret, "utf8").toString("utf8"));
      expect(() => box.open(sealed, `${belongsTo}x`)).toThrow("has been altered, or belongs to something else");
    }));
  });

  it("finds any single bit that was turned", () => {
    const [version, keyId, body] = box.seal("a secret", "totp:u1").split(".");
    const bytes = Buffer.from(body!, "base64url");
    fc.assert(fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const turned = Buffer.from(bytes);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => box.open([version, keyId, turned.toString("base64url")].join("."), "totp:u1")).toThrow("has been altered");
    }));
    for (let length = 0; length < bytes.length; length++) expect(() => box.open([version, keyId, bytes.subarray(0, length).toString("base64url")].join("."), "totp:u1")).toThrow("has been altered");
  });

  it("never writes the same secret the same way twice, and tells another key from damage", () => {
    expect(box.seal("a", "b")).not.toBe(box.seal("a", "b"));
    expect(() => new SecretBox(Buffer.alloc(32, 2)).open(box.seal("a", "b"), "b")).toThrow("sealed with another key");
    expect(() => box.open("", "b")).toThrow("sealed with another key");
    expect(() => new SecretBox(Buffer.alloc(31))).toThrow(TypeError);
  });
});

describe("the key file", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "corduroy-key-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is made once, for its owner alone, and kept", () => {
    const path = join(folder, "data.key");
    const key = openKeyFile(path);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openKeyFile(path)).toEqual(key);
    expect(openKeyFile(join(folder, "other.key"))).not.toEqual(key);
    expect(readdirSync(folder).sort()).toEqual(["data.key", "other.key"]);
  });

  it("is refused when others can use it, and when it holds no key", () => {
    const path = join(folder, "data.key");
    openKeyFile(path);
    const text = readFileSync(path, "utf8");
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      chmodSync(path, mode);
      expect(() => openKeyFile(path)).toThrow("Others than its owner can use the key file");
    }
    chmodSync(path, 0o600);
    for (const damaged of ["", text.slice(1), `${text}${text}`]) {
      writeFileSync(path, damaged);
      expect(() => openKeyFile(path)).toThrow("holds no key");
    }
    expect(() => openKeyFile(folder)).toThrow();
  });
});

it("makes an Ed25519 key of 32 bytes: RFC 8032, section 7.1, test 2", () => {
  const key = signingKey(Buffer.from("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "hex"));
  const signature = sign(null, Buffer.from("72", "hex"), key);
  expect(signature.toString("hex")).toBe("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  expect(verify(null, Buffer.from("73", "hex"), createPublicKey(signingKey(randomBytes(32))), signature)).toBe(false);
});
