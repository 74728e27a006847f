import { ApiError, client, type Client, type Problem } from "@corduroy/contract";
import { Conflict, CorduroyError, Forbidden, Invalid, NotFound, Unavailable } from "@corduroy/core/kernel";
import { DEFAULT_SERVER, serviceOrigin } from "./address.ts";
import { credentialsFile, loginOf, type Login } from "./credentials.ts";

/** A service, and who asks it. */
export interface Connection {
  origin: string;
  /** Calls a route. @throws CorduroyError in the words of the service */
  call: Client;
  /** Sends a request with the token, and gives the answer as it is. @throws Unavailable when there is none */
  send(path: string, init: { method: string; headers: Record<string, string>; body?: string | Uint8Array; signal?: AbortSignal }): Promise<Response>;
  /** Who `me` is there. */
  me: Login["me"];
}

/**
 * Connects to the service that is meant: `--server`, else CORDUROY_URL, else this machine's; with CORDUROY_TOKEN, else the token of `corduroy login`.
 * Nothing is sent yet.
 * @throws Invalid and Forbidden for an address that will not do; Forbidden without a token
 */
export async function connect({ server }: { server?: string }, env: NodeJS.ProcessEnv = process.env): Promise<Connection> {
  const origin = originOf(server, env);
  const login = await loginOf(credentialsFile(env), origin);
  const token = env["CORDUROY_TOKEN"] || login?.token;
  if (token === undefined) throw new Forbidden(`You are not logged in to ${origin}.`, { hint: `${logIn(origin)}, or set CORDUROY_TOKEN.` });
  return connection(origin, token, login?.me ?? null);
}

export function originOf(server: string | undefined, env: NodeJS.ProcessEnv): string {
  return serviceOrigin(server ?? (env["CORDUROY_URL"] || DEFAULT_SERVER));
}

export function connection(origin: string, token: string, me: Login["me"]): Connection {
  if (!/^[!-~]+$/.test(token)) throw new Invalid("This is no API token.", { hint: "A token is one word that begins with cdy_; it is shown once, when it is made under Settings." });
  const send: Connection["send"] = async (path, { headers, ...init }) => {
    try {
      return await fetch(`${origin}${path}`, { ...init, headers: { ...headers, Authorization: `Bearer ${token}` }, redirect: "error" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw noAnswer(origin, error);
    }
  };
  const raw = client(send);
  const call: Client = async (route, ...request) => {
    try {
      const answer: unknown = await raw(route, ...request);
      return (route.response === undefined ? undefined : route.response.parse(answer)) as never;
    } catch (error) {
      if (error instanceof CorduroyError) throw error;
      throw error instanceof ApiError ? refusal(origin, error.problem) : new Unavailable(`What answers at ${origin} is no Corduroy, or one of another version.`, { hint: "Compare the versions: corduroy --version", cause: error });
    }
  };
  return { origin, call, send, me };
}

const KINDS: Record<number, typeof Invalid> = { 400: Invalid, 401: Forbidden, 403: Forbidden, 404: NotFound, 409: Conflict, 413: Invalid };

/** What the service refused, as an error of ours; for somebody it does not know, with the way in. */
export function refusal(origin: string, { status, detail, hint, errors }: Problem): CorduroyError {
  const places = (errors ?? []).slice(0, 5).map(({ pointer, detail: why }) => `${pointer}: ${why}.`);
  const next = status === 401 ? `${logIn(origin)}.` : hint;
  return new (KINDS[status] ?? Unavailable)([detail, ...places].join(" "), { hint: next });
}

function logIn(origin: string): string {
  return `Log in with: corduroy login${origin === DEFAULT_SERVER ? "" : ` --server ${origin}`}`;
}

function noAnswer(origin: string, error: unknown): Unavailable {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) return new Unavailable(`The certificate of ${origin} is not to be trusted (${code}).`, { hint: "If a private authority issued it, name its file in NODE_EXTRA_CA_CERTS.", cause: error });
  return new Unavailable(`There is no answer from ${origin}${code === "" ? "" : ` (${code})`}.`, { hint: "Start the service with: corduroy up. Or name another one with --server or CORDUROY_URL.", cause: error });
}
