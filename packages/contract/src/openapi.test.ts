import { expect, it } from "vitest";
import { api } from "./index.ts";
import { openApi, routesOf } from "./openapi.ts";

const document = openApi(api, { version: "0.0.0" }) as { paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[]; requestBody?: unknown; responses: object }>> };

it("has every route once, with the parameters of its path", () => {
  const routes = [...routesOf(api)];
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  expect(operations).toHaveLength(routes.length);
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(operation.parameters?.filter((each) => each.in === "path").map(({ name }) => name) ?? [], operation.operationId).toEqual(named);
  }
});

it("says for a route that changes something what its body is", () => {
  for (const { name, route } of routesOf(api)) if (route.body) expect(document.paths[route.path]![route.method.toLowerCase()]!.requestBody, name).toMatchObject({ required: true });
});
