import * as z from "zod";
import { Problem } from "./common.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

/** Every route of a tree of routes, with its name: `findings.list`. */
export function* routesOf(tree: Record<string, Record<string, Route>>): Generator<{ name: string; group: string; route: Route }> {
  for (const [group, routes] of Object.entries(tree)) for (const [name, route] of Object.entries(routes)) yield { name: `${group}.${name}`, group, route };
}

/** The OpenAPI 3.1 document of these routes. */
export function openApi(tree: Record<string, Record<string, Route>>, { version }: { version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const { name, group, route } of routesOf(tree)) {
    const operation: Json = {
      operationId: name,
      summary: route.summary,
      tags: [group],
      security: route.access === "public" ? [] : [{ token: [] }, { session: [] }],
      responses: { ...answers(route), default: { description: "What went wrong", content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } } },
    };
    const parameters = [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")];
    if (parameters.length > 0) operation["parameters"] = parameters;
    if (route.body) operation["requestBody"] = { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } };
    if (route.raw) operation["requestBody"] = { required: true, content: route.otlp ? { "application/json": {}, "application/x-protobuf": {} } : { "application/json": {}, "application/x-ndjson": {}, "application/octet-stream": {} } };
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Corduroy", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, "output") },
      securitySchemes: { token: { type: "http", scheme: "bearer" }, session: { type: "apiKey", in: "cookie", name: "corduroy_session" } },
    },
  };
}

function answers(route: Route): Json {
  const type = route.stream === "events" ? "text/event-stream" : route.stream === "ndjson" ? "application/x-ndjson" : (route.stream ?? "application/json");
  if (route.stream) return { 200: { description: route.summary, content: { [type]: {} } } };
  return route.response ? { [route.status ?? 200]: { description: route.summary, content: { [type]: { schema: schemaOf(route.response, "output") } } } } : { 204: { description: route.summary } };
}

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, about]) => ({ name, in: place, required: place === "path" || required.includes(name), schema: about }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return rest;
}
