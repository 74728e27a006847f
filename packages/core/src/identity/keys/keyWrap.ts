import { Invalid, Unavailable } from "../../kernel/index.ts";
import { SecretBox } from "./secretBox.ts";

/** A key that lies outside the data folder, and encrypts the keys in it. Whoever has the folder alone has no key. */
export interface KeyWrap {
  /** Stands before what it has encrypted. */
  readonly kind: "env" | "kms";
  /** @param of what the key is for; it opens for nothing else */
  wrap(key: Buffer, of: string): Promise<string>;
  /** @throws Unavailable when it was wrapped with another key, or for something else, or the key cannot be used */
  unwrap(text: string, of: string): Promise<Buffer>;
}

/** Where the key is that wraps; at most one of them. */
export interface KeyWrapSettings {
  /** 64 hex digits. */
  key?: string | undefined;
  /** The ARN of a symmetric key of AWS KMS, or of an alias of one. */
  kmsKey?: string | undefined;
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:(?:key\/[\w-]{1,256}|alias\/[\w/-]{1,250})$/;

/** The wrap that the environment asks for; null for keys that lie open in their files. @throws Invalid */
export function keyWrap({ key, kmsKey }: KeyWrapSettings): KeyWrap | null {
  if (key !== undefined && kmsKey !== undefined) throw new Invalid("There are two keys to encrypt the keys with.", { hint: "Set CORDUROY_KEY or CORDUROY_KMS_KEY, and leave the other away." });
  if (key !== undefined) return environmentWrap(key);
  return kmsKey === undefined ? null : kmsWrap(kmsKey);
}

function environmentWrap(hex: string): KeyWrap {
  // The text itself stays out of the message.
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Invalid("CORDUROY_KEY is no key.", { hint: "A key is 64 hex digits: openssl rand -hex 32" });
  const box = new SecretBox(Buffer.from(hex, "hex"));
  return {
    kind: "env",
    wrap: async (key, of) => box.seal(key.toString("hex"), of),
    unwrap: async (text, of) => Buffer.from(box.open(text, of), "hex"),
  };
}

/** By Encrypt and Decrypt of AWS KMS, with the identity of the environment; what the key is for is in the encryption context, and so in the trail of KMS. */
function kmsWrap(arn: string): KeyWrap {
  const [, region] = KEY_ARN.exec(arn) ?? [];
  if (region === undefined) throw new Invalid("CORDUROY_KMS_KEY is no ARN of a KMS key.", { hint: "It looks like arn:aws:kms:eu-west-1:111122223333:key/… or …:alias/corduroy." });
  const asked = async <T>(ask: (sdk: typeof import("@aws-sdk/client-kms"), client: import("@aws-sdk/client-kms").KMSClient) => Promise<T>): Promise<T> => {
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    const sdk = await import("@aws-sdk/client-kms");
    const client = new sdk.KMSClient({ region, requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true } });
    try {
      return await ask(sdk, client);
    } catch (error) {
      throw kmsFailure(error, arn);
    } finally {
      client.destroy();
    }
  };
  return {
    kind: "kms",
    wrap: (key, of) =>
      asked(async ({ EncryptCommand }, client) => {
        const { CiphertextBlob: sealed } = await client.send(new EncryptCommand({ KeyId: arn, Plaintext: key, EncryptionContext: contextOf(of) }));
        return Buffer.from(sealed ?? []).toString("base64");
      }),
    unwrap: (text, of) =>
      asked(async ({ DecryptCommand }, client) => {
        const { Plaintext: key } = await client.send(new DecryptCommand({ KeyId: arn, CiphertextBlob: Buffer.from(text, "base64"), EncryptionContext: contextOf(of) }));
        return Buffer.from(key ?? []);
      }),
  };
}

function contextOf(of: string): Record<string, string> {
  return { "corduroy:key": of };
}

const PLAIN = /^[A-Za-z0-9_.-]{1,80}$/;

/** Of the error only its name is shown: its text may quote keys. */
function kmsFailure(error: unknown, arn: string): Unavailable {
  const { name, code } = error as { name?: unknown; code?: unknown };
  const plain = [name, code].find((each): each is string => typeof each === "string" && PLAIN.test(each) && each !== "Error") ?? "unknown error";
  const hints: Record<string, string | undefined> = {
    CredentialsProviderError: "Give the service's machine a role, or its environment AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    AccessDeniedException: "The identity in use needs kms:Encrypt and kms:Decrypt on it.",
    NotFoundException: "Check the ARN, its region and its account.",
    DisabledException: "Enable the key again; it holds the only way to the stored secrets.",
    KMSInvalidStateException: "Cancel the key's deletion; it holds the only way to the stored secrets.",
    IncorrectKeyException: "Set CORDUROY_KMS_KEY to the key that was in use before.",
    InvalidCiphertextException: "Set CORDUROY_KMS_KEY to the key that was in use before, or put the key files back from the backup.",
  };
  return new Unavailable(`The key ${arn} of KMS cannot be used (${plain}).`, { hint: hints[plain] ?? "Check the network, the region and the credentials in the service's environment.", cause: error });
}
