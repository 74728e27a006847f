export { findings } from "../tables.ts";
