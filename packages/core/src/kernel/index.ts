export { displayWidth, endThatFits, fitted, padded, wrapped } from "./text/displayWidth.ts";
export { clipped, visible, visibleBlock, visiblePieces } from "./text/visible.ts";
export { Conflict, CorduroyError, Forbidden, Invalid, NotFound, Unavailable } from "./errors.ts";
export { ROLES, type Actor, type Ctx, type Resource, type Role } from "./context.ts";
export { pageOf, pageShape, placeOf, type Page } from "./paging.ts";
