import { Problem } from "./common.ts";
import type { RequestOf, ResponseOf, Route } from "./route.ts";

/** An answer that is no success, as the service explains it. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
  }
}

/** Sends one request; `fetch` of a browser or of Node fits. */
export type Transport = (path: string, init: { method: string; headers: Record<string, string>; body?: string }) => Promise<Response>;

/** Calls one route: `call(api.findings.get, { params: { id } })`. */
export type Client = <R extends Route>(route: R, ...request: keyof RequestOf<R> extends never ? [] : [RequestOf<R>]) => Promise<ResponseOf<R>>;

/** The path of a route with its parameters and query filled in. */
export function pathOf(route: Route, request: { params?: Record<string, unknown> | undefined; query?: Record<string, string | number | undefined> | undefined }): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(request.params?.[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/**
 * A typed client of the API.
 * @throws ApiError for every answer that is no success; what the transport throws when there is no answer
 */
export function client(transport: Transport): Client {
  return async (route, ...[request = {}]) => {
    const { params, query, body } = request as { params?: Record<string, unknown>; query?: Record<string, string | number | undefined>; body?: unknown };
    const response = await transport(pathOf(route, { params, query }), {
      method: route.method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new ApiError(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as never;
  };
}

/** The problem that an answer states; one of our own making when it states none. */
export async function problemOf(response: Response): Promise<Problem> {
  const parsed = Problem.safeParse(await response.json().catch(() => null));
  return parsed.success ? parsed.data : { type: "about:blank", title: response.statusText, status: response.status, detail: `The service answered with status ${response.status}.` };
}
