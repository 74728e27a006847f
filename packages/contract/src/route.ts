import type * as z from "zod";

/** Methods that the API knows; those that change something carry a CSRF token when a browser's session sends them. */
export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** What a caller must be, before any policy is asked. */
export type Access =
  /** Nobody in particular: signing in, and whether the service is well. */
  | "public"
  /** Anybody who has signed in, for what concerns that person alone. */
  | "self"
  /** The named action of a policy (`findings.read`), asked by the verb. */
  | (string & {});

/** One operation of the API: everything that server, client, OpenAPI document and role tests need to know of it. */
export interface Route {
  method: Method;
  /** `/v1/findings/{id}` */
  path: string;
  /** What it does, in a few words, for the OpenAPI document. */
  summary: string;
  access: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The JSON it answers with; absent for an answer without content. */
  response?: z.ZodType;
  /** The body is handed on as it comes, whatever it is. */
  raw?: true;
  /** A vendor sends this: who it is, its own proof says, and neither a session nor a token in `Authorization`. */
  hook?: true;
  /** OpenTelemetry's protocol: answers are protobuf where the body is, and errors a google.rpc.Status. */
  otlp?: true;
  /** Of a success; 200 when absent, 204 without a response. */
  status?: 201 | 202;
  /** Answers with something else than one JSON value. */
  stream?: "events" | "ndjson" | "text/csv" | "text/plain";
}

/** Keeps the exact types of a route's schemas. */
export function route<const R extends Route>(definition: R): R {
  return definition;
}

type Input<S> = S extends z.ZodType ? z.input<S> : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a caller sends. */
export type RequestOf<R extends Route> = { [K in "params" | "query" | "body" as R[K] extends z.ZodType ? K : never]: Input<R[K]> };
/** What a handler gets: parsed, defaults filled in. */
export type ParsedOf<R extends Route> = { params: Output<R["params"]>; query: Output<R["query"]>; body: Output<R["body"]> };
/** What comes back. */
export type ResponseOf<R extends Route> = R["response"] extends z.ZodType ? z.output<R["response"]> : undefined;
