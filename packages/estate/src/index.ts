export type { BreachFacts, BreachStage } from "./breach.ts";
export type { Account, Company, Environment, Person } from "./company.ts";
export type { EstateFile } from "./delivery.ts";
export { estate, type Estate, type EstateCounts, type EstateOptions } from "./estate.ts";
export { writeEstate, type WriteOptions, type WrittenEstate } from "./write.ts";
