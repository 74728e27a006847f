import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export const REDIRECT = "http://127.0.0.1:9/sign-in/company/back";
const SCOPE = "openid email profile groups";

/** A real OpenID provider on loopback, at which everybody is signed in who is asked about. */
export interface IdentityProvider {
  issuer: string;
  /** Whoever signs in next, and what the provider says of them. */
  person: { sub: string; [claim: string]: unknown };
  /** Goes where a browser would be sent, cookies and all, until it comes back to us. @returns the address it comes back to */
  browse(url: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startIdentityProvider(client: { id: string; secret: string }): Promise<IdentityProvider> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const it: IdentityProvider = { issuer, person: { sub: "nobody" }, browse, stop };
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [REDIRECT], grant_types: ["authorization_code"], response_types: ["code"] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: SCOPE.split(" "),
    cookies: { keys: ["test"] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => "/interaction" },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => it.person }),
  });
  const answer = provider.callback();
  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: it.person.sub, clientId: params.client_id });
    grant.addOIDCScope(SCOPE);
    const result = { login: { accountId: it.person.sub }, consent: { grantId: await grant.save() } };
    response.writeHead(303, { location: await provider.interactionResult(request, response, result) }).end();
  };
  server.on("request", (request, response) => {
    if (request.url === "/interaction") void interact(request, response);
    else answer(request, response);
  });
  return it;

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

async function browse(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 10; step++) {
    if (url.startsWith(REDIRECT)) return url;
    const response = await fetch(url, { redirect: "manual", headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    url = new URL(location, url).href;
  }
  throw new Error("The provider sends the browser around in circles.");
}
