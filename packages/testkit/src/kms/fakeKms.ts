import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { isObject, jsonObject, webServer, type WebAnswer } from "../web/webServer.ts";

export interface KmsRequest {
  operation: string;
  input: Readonly<Record<string, unknown>>;
}

export interface FakeKms {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly requests: readonly KmsRequest[];
  /** Every request fails with this error from now on; without an argument, none. */
  fail(code?: string): void;
  stop(): Promise<void>;
}

const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/[0-9]{8}\/([a-z0-9-]+)\/kms\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

/**
 * Starts a KMS on a free port of the loopback interface: Encrypt and Decrypt of the AWS JSON 1.1 protocol, for symmetric keys that are named by the
 * ARNs it is told of. A ciphertext opens with its own key and with the encryption context it was made with; requests must be signed for the region of the key.
 */
export async function fakeKms({ keys }: { keys: readonly string[] }): Promise<FakeKms> {
  const secrets = new Map(keys.map((arn) => [arn, randomBytes(32)]));
  const requests: KmsRequest[] = [];
  let fault: string | undefined;
  const server = await webServer(({ headers, body }) => {
    const operation = /^TrentService\.([A-Za-z]+)$/.exec(String(headers["x-amz-target"]))?.[1] ?? "";
    const input = jsonObject(body) ?? {};
    requests.push({ operation, input });
    const arn = String(input["KeyId"]);
    const secret = secrets.get(arn);
    if (fault !== undefined) return failed(fault);
    if (SIGNED.exec(headers.authorization ?? "")?.[1] !== arn.split(":")[3]) return failed("AccessDeniedException");
    if (secret === undefined) return failed("NotFoundException");
    const context = Buffer.from(JSON.stringify(isObject(input["EncryptionContext"]) ? Object.entries(input["EncryptionContext"]).sort(([a], [b]) => (a < b ? -1 : 1)) : []));
    if (operation === "Encrypt") return done({ CiphertextBlob: encrypted(arn, secret, context, bytesOf(input["Plaintext"])).toString("base64"), KeyId: arn });
    if (operation !== "Decrypt") return failed("UnsupportedOperationException");
    const [of = "", sealed = ""] = bytesOf(input["CiphertextBlob"]).toString("latin1").split("|");
    if (of !== arn) return failed(secrets.has(of) ? "IncorrectKeyException" : "InvalidCiphertextException");
    const plain = decrypted(secret, context, Buffer.from(sealed, "base64"));
    return plain === null ? failed("InvalidCiphertextException") : done({ Plaintext: plain.toString("base64"), KeyId: arn });
  });
  return { endpoint: server.origin, requests, fail: (code) => (fault = code), stop: () => server.stop() };
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === "string" ? value : "", "base64");
}

function encrypted(arn: string, secret: Buffer, context: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(context);
  const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.from(`${arn}|${sealed.toString("base64")}`, "latin1");
}

function decrypted(secret: Buffer, context: Buffer, sealed: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv("aes-256-gcm", secret, sealed.subarray(0, 12)).setAAD(context).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch {
    return null;
  }
}

const HEADERS = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "0" };

function done(result: object): WebAnswer {
  return { status: 200, headers: HEADERS, body: JSON.stringify(result) };
}

function failed(code: string): WebAnswer {
  return { status: 400, headers: HEADERS, body: JSON.stringify({ __type: code, message: "The fake refuses." }) };
}
