export { accountsOf, type AccountOwner } from "./accountsOf.ts";
export { catalogStamp } from "./files.ts";
export { loadCatalog } from "./loadCatalog.ts";
export { ownerOf, type Conflict, type Ownership, type Whereabouts } from "./ownerOf.ts";
export { teamsOf } from "./teamsOf.ts";
export type { Catalog, Environment, Person, Problem, Service, Team } from "./catalog.ts";
