export { parseSince } from "./inputs/index.ts";
export { scan, type Progress, type ScanOptions, type ScanResult } from "./scan.ts";
export { runWorker } from "./worker.ts";
