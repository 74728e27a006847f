export { SCHEMA_VERSION } from "./generated/facts.ts";
export { classOf } from "./facts.ts";
export type { EventClass } from "./facts.ts";
export { validate } from "./validate.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export type * from "./generated/types.ts";
