import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import { isoCBOR } from "@simplewebauthn/server/helpers";

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** What an answer is made with; tests bend one of them. */
export interface Answering {
  origin: string;
  domain: string;
  verified?: boolean;
  counter?: number;
}

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/** A passkey in memory: an ES256 key that answers as authenticators do (Web Authentication Level 3, attestation "none"). */
export class Authenticator {
  readonly id = randomBytes(32);
  private readonly privateKey: KeyObject;
  private readonly publicKey: Uint8Array;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x, y } = publicKey.export({ format: "jwk" });
    this.privateKey = privateKey;
    this.publicKey = isoCBOR.encode(new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, bytesOf(x!)], [-3, bytesOf(y!)]]));
  }

  /** `navigator.credentials.create` */
  create({ challenge }: PublicKeyCredentialCreationOptionsJSON, how: Answering) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const authData = new Uint8Array(Buffer.concat([this.data(how, HAS_CREDENTIAL), Buffer.alloc(16), length, this.id, this.publicKey]));
    const attestation = isoCBOR.encode(new Map<string, string | Uint8Array | Map<string, string>>([["fmt", "none"], ["attStmt", new Map<string, string>()], ["authData", authData]]));
    return { ...this.named(), response: { clientDataJSON: clientData("webauthn.create", challenge, how.origin), attestationObject: encoded(attestation), transports: ["internal"] } };
  }

  /** `navigator.credentials.get` */
  get({ challenge }: PublicKeyCredentialRequestOptionsJSON, how: Answering) {
    const authenticatorData = this.data(how, 0);
    const clientDataJSON = clientData("webauthn.get", challenge, how.origin);
    const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, "base64url"))]), this.privateKey);
    return { ...this.named(), response: { clientDataJSON, authenticatorData: encoded(authenticatorData), signature: encoded(signature) } };
  }

  private named() {
    return { id: encoded(this.id), rawId: encoded(this.id), type: "public-key" as const, clientExtensionResults: {} };
  }

  private data({ domain, verified = true, counter = 0 }: Answering, flags: number): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags | USER_PRESENT | (verified ? USER_VERIFIED : 0));
    tail.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(domain), tail]);
  }
}

function clientData(type: string, challenge: string, origin: string): string {
  return encoded(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64url"));
}
