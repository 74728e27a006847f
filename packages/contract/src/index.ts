import { admin } from "./admin.ts";
import { events } from "./events.ts";
import { findings } from "./findings.ts";
import { rules, search } from "./search.ts";
import { session } from "./session.ts";

/** Every operation of the API. */
export const api = { session, findings, events, search, rules, admin };

export * from "./admin.ts";
export * from "./common.ts";
export * from "./events.ts";
export * from "./findings.ts";
export * from "./search.ts";
export * from "./session.ts";
export { openApi, routesOf } from "./openapi.ts";
export { route, type Access, type Method, type ParsedOf, type RequestOf, type ResponseOf, type Route } from "./route.ts";
export { ApiError, client, pathOf, problemOf, type Client, type Transport } from "./client.ts";
