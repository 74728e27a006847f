import { ApiError, client, problemOf, type Client, type Problem } from "@corduroy/contract";

let csrf = "";

/** Keeps the token that the service gave with the session; it goes with every request that changes something. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

function headersFor(method: string, headers: Record<string, string>): Record<string, string> {
  return method === "GET" || csrf === "" ? headers : { ...headers, "X-CSRF-Token": csrf };
}

/** Calls one route of the API with the browser's cookies. */
export const call: Client = client((path, init) => fetch(path, { ...init, headers: headersFor(init.method, init.headers), credentials: "same-origin" }));

/**
 * Posts JSON and gives the answer unread, for answers that are no single JSON value.
 * @throws ApiError when the answer is no success
 */
export async function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = headersFor("POST", { "Content-Type": "application/json" });
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", ...(signal === undefined ? {} : { signal }) });
  if (!response.ok) throw new ApiError(await problemOf(response));
  return response;
}

/** What went wrong, in the service's words; in ours when it could not be reached. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const offline = error instanceof TypeError;
  return {
    type: "about:blank",
    title: offline ? "No connection" : "Something went wrong",
    status: 0,
    detail: offline ? "The service could not be reached." : error instanceof Error ? error.message : String(error),
    ...(offline ? { hint: "Check the network, or whether the service runs, and try again." } : {}),
  };
}
