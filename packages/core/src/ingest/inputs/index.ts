/** How input objects are found and opened. */
export type { ObjectRef, Skipped, Unreadable } from "./reference.ts";
export { listInputs } from "./listInputs.ts";
export { openObject, readSmallObject } from "./openObject.ts";
export { parseSince } from "./since.ts";
