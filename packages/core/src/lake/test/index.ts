export { batches, intents, objects, parts } from "../tables.ts";
