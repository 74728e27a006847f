import { createHmac } from "node:crypto";

/** What became of a shared access signature. */
export type Signed = { name: string; resource: string; expires: number } | { status: number; description: string };

/**
 * Checks a shared access signature: `SharedAccessSignature sr=…&sig=…&se=…&skn=…`, where `sig` is the HMAC-SHA256 with the key of the encoded resource, a line feed, and the expiry.
 * @param keys by name
 */
export function checkSignature(token: string, keys: ReadonlyMap<string, string>, now: Date): Signed {
  const [kind, rest = ""] = token.split(" ");
  const fields = new Map(rest.split("&").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const));
  const [sr = "", sig = "", se = "", skn = ""] = ["sr", "sig", "se", "skn"].map((name) => fields.get(name));
  const name = decodeURIComponent(skn);
  const key = keys.get(name);
  if (kind !== "SharedAccessSignature" || key === undefined) return { status: 401, description: "InvalidToken: The specified key name does not exist." };
  const signature = createHmac("sha256", key).update(`${sr}\n${se}`).digest("base64");
  if (decodeURIComponent(sig) !== signature) return { status: 401, description: "InvalidSignature: The token has an invalid signature." };
  if (Number(se) * 1_000 <= now.getTime()) return { status: 401, description: `ExpiredToken: The token is expired. Expiration time: ${se}` };
  return { name, resource: decodeURIComponent(sr), expires: Number(se) * 1_000 };
}
