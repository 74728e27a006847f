export { outbound, type Outbound, type OutboundOptions, type OutboundRequest } from "./outbound.ts";
export type { OutboundAnswer } from "./answer.ts";
export { redacted } from "./redacted.ts";
export { retryAfter } from "./retryAfter.ts";
