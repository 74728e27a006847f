import { createHmac } from "node:crypto";
import { Unavailable } from "../../../kernel/index.ts";
import type { Outbound } from "../../../net/index.ts";
import type { Refusal } from "../poll/ask.ts";
import { accessToken } from "../poll/bearer.ts";
import type { Hub } from "./reach.ts";

/** What is shown to a hub for one of its resources. */
export interface Claim {
  token: string;
  /** As Event Hubs calls it. */
  type: "servicebus.windows.net:sastoken" | "jwt";
  /** When another is to be shown, in milliseconds since the epoch. */
  renewAt: number;
}

const LIFE_MS = 3_600_000;
const RENEWED_MS = 2_700_000;

/** @returns what is to be shown for a resource, `sb://…`: signed with the policy's key, or given by Entra */
export function claimsOf({ identity, host }: Hub, outbound: Outbound): (resource: string) => Promise<Claim> {
  if (identity.by === "key") return (resource) => Promise.resolve(signed(resource, identity, outbound.now().getTime()));
  const { login, tenant, client, secret } = identity;
  let held: { token: string; until: number } | null = null;
  return async () => {
    if (held === null || held.until <= outbound.now().getTime()) {
      const form = { grant_type: "client_credentials", client_id: client, client_secret: secret, scope: "https://eventhubs.azure.net//.default" };
      held = await accessToken({ outbound, name: "Microsoft", url: `${login}/${tenant}/oauth2/v2.0/token`, form: () => form, refused: (refusal) => refused(refusal, host) });
    }
    return { token: held.token, type: "jwt", renewAt: held.until };
  };
}

/** A shared access signature: the HMAC-SHA256 of the resource and of when it expires, with the policy's key. */
function signed(resource: string, { name, key }: { name: string; key: string }, now: number): Claim {
  const encoded = encodeURIComponent(resource);
  const expires = Math.floor((now + LIFE_MS) / 1_000);
  const signature = createHmac("sha256", key).update(`${encoded}\n${expires}`).digest("base64");
  return { token: `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${expires}&skn=${encodeURIComponent(name)}`, type: "servicebus.windows.net:sastoken", renewAt: now + RENEWED_MS };
}

function refused({ status, code }: Refusal, host: string): Unavailable | null {
  if (status !== 400 && status !== 401) return null;
  return new Unavailable(`Microsoft gives the application no token for ${host}${code === "" ? "" : ` (${code})`}: its secret is wrong or has expired, or the tenant does not know the application.`, { hint: "Check tenant and client, make another secret, and add the collector again." });
}
