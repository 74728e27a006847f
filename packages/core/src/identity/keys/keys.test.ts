import { randomBytes, sign, verify, createPublicKey } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeKms, type FakeKms } from "@corduroy/testkit";
import { keyWrap, type KeyWrap } from "./keyWrap.ts";
import { openKey } from "./openKey.ts";
import { SecretBox, signingKey } from "./secretBox.ts";

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

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "corduroy-key-"));
  path = join(folder, "data.key");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the key file", () => {
  it("is made once, for its owner alone, and kept", async () => {
    const key = await openKey(path, "data", null);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await openKey(path, "data", null)).toEqual(key);
    expect(await openKey(join(folder, "other.key"), "data", null)).not.toEqual(key);
    expect(readdirSync(folder).sort()).toEqual(["data.key", "other.key"]);
  });

  it("is the same for all who make it at once", async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => openKey(path, "data", keyWrap({ key: "ab".repeat(32) }))));
    expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
    expect(readdirSync(folder)).toEqual(["data.key"]);
  });

  it("is refused when others can use it, and when it holds no key", async () => {
    await openKey(path, "data", null);
    const text = readFileSync(path, "utf8");
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      chmodSync(path, mode);
      await expect(openKey(path, "data", null)).rejects.toThrow("Others than its owner can use the key file");
    }
    chmodSync(path, 0o600);
    for (const damaged of ["", text.slice(1), `${text}${text}`, "env:", "env:\n", ":x", "<html>"]) {
      writeFileSync(path, damaged);
      await expect(openKey(path, "data", null)).rejects.toThrow("holds no key");
    }
    await expect(openKey(folder, "data", null)).rejects.toThrow();
  });
});

describe("a key that is encrypted with one from elsewhere", () => {
  const ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const OTHER = "arn:aws:kms:eu-west-1:111122223333:alias/other";
  let kms: FakeKms;
  beforeAll(async () => {
    kms = await fakeKms({ keys: [ARN, OTHER] });
    vi.stubEnv("AWS_ENDPOINT_URL_KMS", kms.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-secret");
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await kms.stop();
  });
  afterEach(() => kms.fail());

  const kinds: [string, () => KeyWrap | null, () => KeyWrap | null][] = [
    ["env", () => keyWrap({ key: "ab".repeat(32) }), () => keyWrap({ key: "cd".repeat(32) })],
    ["kms", () => keyWrap({ kmsKey: ARN }), () => keyWrap({ kmsKey: OTHER })],
  ];

  it.each(kinds)("%s: is made so, opened again, and never lies there open", async (kind, wrap) => {
    const key = await openKey(path, "data", wrap());
    const text = readFileSync(path, "latin1");
    expect(text).toMatch(new RegExp(`^${kind}:`));
    expect(text).not.toContain(key.toString("hex"));
    expect(await openKey(path, "data", wrap())).toEqual(key);
    expect(readFileSync(path, "latin1")).toBe(text);
    expect(readdirSync(folder)).toEqual(["data.key"]);
  });

  it.each(kinds)("%s: takes the place of one that lay there open", async (_, wrap) => {
    const key = await openKey(path, "data", null);
    expect(await openKey(path, "data", wrap())).toEqual(key);
    expect(readFileSync(path, "latin1")).not.toContain(key.toString("hex"));
    expect(await openKey(path, "data", wrap())).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(kinds)("%s: opens with no other key, for nothing else, and not without", async (kind, wrap, other) => {
    await openKey(path, "data", wrap());
    await expect(openKey(path, "data", other())).rejects.toThrow(/sealed with another key|IncorrectKeyException/);
    await expect(openKey(path, "audit", wrap())).rejects.toThrow(/belongs to something else|InvalidCiphertextException/);
    await expect(openKey(path, "data", null)).rejects.toMatchObject({ message: expect.stringContaining("no key is given") as string, hint: expect.stringContaining(kind === "env" ? "CORDUROY_KEY" : "CORDUROY_KMS_KEY") as string });
    const [, foreign] = kinds.find(([each]) => each !== kind)!;
    await expect(openKey(path, "data", foreign())).rejects.toThrow("another kind of key");
  });

  it("asks KMS as itself, and says in its trail what the key is for", async () => {
    await openKey(path, "audit", keyWrap({ kmsKey: ARN }));
    expect(kms.requests.at(-1)).toMatchObject({ operation: "Decrypt", input: { KeyId: ARN, EncryptionContext: { "corduroy:key": "audit" } } });
  });

  it.each([["AccessDeniedException", "kms:Encrypt and kms:Decrypt"], ["DisabledException", "Enable the key again"], ["NotFoundException", "Check the ARN"], ["KMSInvalidStateException", "Cancel the key's deletion"]])("says what to do about %s, and leaves no file", async (code, hint) => {
    kms.fail(code);
    await expect(openKey(path, "data", keyWrap({ kmsKey: ARN }))).rejects.toMatchObject({ message: expect.stringContaining(code) as string, hint: expect.stringContaining(hint) as string });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [{ key: "ab" }, "CORDUROY_KEY is no key."],
    [{ key: "" }, "CORDUROY_KEY is no key."],
    [{ kmsKey: "alias/corduroy" }, "CORDUROY_KMS_KEY is no ARN"],
    [{ key: "ab".repeat(32), kmsKey: ARN }, "There are two keys"],
  ])("refuses %j", (settings, message) => expect(() => keyWrap(settings)).toThrow(message));
});

it("makes an Ed25519 key of 32 bytes: RFC 8032, section 7.1, test 2", () => {
  const key = signingKey(Buffer.from("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "hex"));
  const signature = sign(null, Buffer.from("72", "hex"), key);
  expect(signature.toString("hex")).toBe("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  expect(verify(null, Buffer.from("73", "hex"), createPublicKey(signingKey(randomBytes(32))), signature)).toBe(false);
});
