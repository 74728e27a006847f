import { createCipheriv, createDecipheriv, createHash, createPrivateKey, randomBytes, type KeyObject } from "node:crypto";
import { Unavailable } from "../../kernel/index.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce. Each text is bound to what it belongs to, so that one row's secret
 * opens in no other row. Random nonces are safe for 2^32 texts a key, far more than there are people and credentials.
 */
export class SecretBox {
  private readonly keyId: string;

  /** @param key 32 bytes, as `openKey` gives them */
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

/** The Ed25519 key (RFC 8032) whose seed these 32 bytes are; seal the audit with it. */
export function signingKey(seed: Uint8Array): KeyObject {
  // RFC 8410: the fixed beginning of a PKCS #8 document, then the seed.
  return createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });
}
