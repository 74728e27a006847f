export { runQueryChild } from "./child.ts";
export { type Limits, type PrintedFormat } from "./protocol.ts";
export { query, type QueryEnd, type QueryOptions } from "./query.ts";
export { SpareQueryProcess } from "./spare.ts";
export type { View } from "./views.ts";
export { askLake, type Question } from "./askLake.ts";
export { rowWriter, type ResultColumn, type RowWriter } from "./formats.ts";
export { EVERYTHING, sightOf, type Sight } from "./sight.ts";
