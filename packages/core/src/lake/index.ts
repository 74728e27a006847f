export { Engine } from "./engine.ts";
export { openLake, readLake, type Lake, type Snapshot } from "./lake.ts";
export { newBatchId } from "./names.ts";
export { PART_KINDS, type Batch, type Counts, type Manifest, type ObjectRange, type Part, type PartKind } from "./manifest.ts";
