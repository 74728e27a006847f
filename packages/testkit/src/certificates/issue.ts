import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

/** A certificate and its key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

interface Issuer {
  name: string;
  certificate: Certificate;
}

/** DER (X.690): a tag, the length, the content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);
const object = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const octets = (content: Buffer): Buffer => der(0x04, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
const time = (text: string): Buffer => der(0x18, Buffer.from(text));
const named = (name: string): Buffer => sequence(der(0x31, sequence(object("550403"), der(0x0c, Buffer.from(name)))));
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

const ECDSA_WITH_SHA256 = sequence(object("2a8648ce3d040302"));
const SUBJECT_ALT_NAME = object("551d11");
const BASIC_CONSTRAINTS = object("551d13");

/**
 * Makes a certificate (X.509, RFC 5280) for 127.0.0.1 with a new P-256 key, valid to the end of the century; it may sign others.
 * @param issuer null where it signs itself
 */
export function issueCertificate(name: string, issuer: Issuer | null = null): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signer: KeyObject = issuer === null ? privateKey : createPrivateKey(issuer.certificate.key);
  const extensions = sequence(sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))), sequence(SUBJECT_ALT_NAME, octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1]))))));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1]), randomBytes(8)), ECDSA_WITH_SHA256, named(issuer?.name ?? name),
    sequence(time("20200101000000Z"), time("20991231235959Z")), named(name), publicKey.export({ type: "spki", format: "der" }), der(0xa3, extensions),
  );
  const bytes = sequence(signed, ECDSA_WITH_SHA256, bits(sign("sha256", signed, signer)));
  return { cert: `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64").replaceAll(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}
