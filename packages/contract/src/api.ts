import { admin } from "./admin.ts";
import { events } from "./events.ts";
import { findings } from "./findings.ts";
import { rules, search } from "./search.ts";
import { session } from "./session.ts";

/** Every operation of the API. */
export const api = { session, findings, events, search, rules, admin };
