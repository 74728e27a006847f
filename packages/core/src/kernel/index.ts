export { Conflict, CorduroyError, Forbidden, Invalid, NotFound, Unavailable } from "./errors.ts";
