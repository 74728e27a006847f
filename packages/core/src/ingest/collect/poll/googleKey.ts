import { createPrivateKey, sign } from "node:crypto";
import * as z from "zod";
import { jsonOf } from "./ask.ts";

const keyFile = z.object({
  type: z.literal("service_account"),
  /** The service account, and the number by which a Workspace knows it. */
  client_email: z.email().max(300),
  client_id: z.string().regex(/^\d{1,40}$/),
  private_key_id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  private_key: z.string().max(8_000).refine(isRsa),
  /** Where it gets its tokens. */
  token_uri: z.url({ protocol: /^https?$/ }).max(300),
});
/** What the key file of a service account says, as far as it is used. */
export type GoogleKey = z.infer<typeof keyFile>;

/** The text of a key file as Google Cloud gives it, without what is not used. */
export const googleKey = z.string().max(16_384).transform((text, context) => {
  const { data } = keyFile.safeParse(jsonOf(text));
  if (data === undefined) context.addIssue("It is not the key file of a service account: JSON of the type service_account, with an RSA key.");
  return JSON.stringify(data);
});

/** @throws Error for what `googleKey` has not let through */
export function googleKeyOf(text: string): GoogleKey {
  return keyFile.parse(JSON.parse(text));
}

/** An assertion is good for as long; Google's limit is an hour. */
const LIFE_SECONDS = 600;

/**
 * What a service account shows to be given an access token on behalf of somebody else (RFC 7523, signed with RS256).
 * @param subject the user on whose behalf it acts
 */
export function assertionOf(key: GoogleKey, subject: string, scope: string, now: Date): string {
  const iat = Math.floor(now.getTime() / 1_000);
  const parts = [{ alg: "RS256", typ: "JWT", kid: key.private_key_id }, { iss: key.client_email, sub: subject, scope, aud: key.token_uri, iat, exp: iat + LIFE_SECONDS }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key.private_key).toString("base64url")}`;
}

function isRsa(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
