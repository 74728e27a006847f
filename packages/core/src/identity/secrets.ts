import { createCipheriv, createDecipheriv, createHash, createPrivateKey, randomBytes, type KeyObject } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Unavailable } from "../kernel/index.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce. Each text is bound to what it belongs to, so that one row's secret
 * opens in no other row. Random nonces are safe for 2^32 texts a key, far more than there are people and credentials.
 */
export class SecretBox {
  private readonly keyId: string;

  /** @param key 32 bytes, as `openKeyFile` gives them */
  constructor(private readonly key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new TypeError(`A key has ${KEY_BYTES} bytes, this one ${key.length}.`);
    this.keyId = createHash("sha256").update("corduroy key id").update(key).digest("hex").slice(0, 12);
  }

  /** `v1.<key id>.<nonce, ciphertext and tag, base64url>` */
  seal(secret: string, belongsTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(belongsTo, "utf8"));
    const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.keyId}.${sealed.toString("base64url")}`;
  }

  /** @throws Unavailable when it was sealed with another key, belongs to something else, or has been altered */
  open(sealed: string, belongsTo: string): string {
    const [version, keyId, body = ""] = sealed.split(".");
    if (version !== "v1" || keyId !== this.keyId) throw new Unavailable("A stored secret was sealed with another key.", { hint: "Put the key file back that was in use when it was stored, or store the secret again." });
    const bytes = Buffer.from(body, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(belongsTo, "utf8")).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new Unavailable("A stored secret has been altered, or belongs to something else.", { hint: "Store the secret again.", cause });
    }
  }
}

/**
 * The 32-byte key in a file: 64 hex digits, readable by its owner alone. A missing file is made, whole or not at all, with a new key;
 * of several processes that make it at once, all get the same.
 * @throws Unavailable when others can read or write the file, or it holds no key
 */
export function openKeyFile(path: string): Buffer {
  let key: Buffer;
  try {
    key = readKey(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    makeKey(path);
    key = readKey(path);
  }
  // Also for a key that was there: whoever made it may have been killed before its name was durable.
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
  return key;
}

function readKey(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || (stat.mode & 0o077) !== 0) throw new Unavailable(`Others than its owner can use the key file ${path}.`, { hint: `Close it with: chmod 600 ${path}` });
    const text = readFileSync(file, "latin1");
    if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new Unavailable(`The key file ${path} holds no key.`, { hint: "Put it back from the backup. Without it, stored secrets cannot be read." });
    return Buffer.from(text.trim(), "hex");
  } finally {
    closeSync(file);
  }
}

function makeKey(path: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    fsyncSync(file);
    linkSync(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    closeSync(file);
    rmSync(temporary);
  }
}

/** The Ed25519 key (RFC 8032) whose seed these 32 bytes are; seal the audit with it. */
export function signingKey(seed: Uint8Array): KeyObject {
  // RFC 8410: the fixed beginning of a PKCS #8 document, then the seed.
  return createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });
}
