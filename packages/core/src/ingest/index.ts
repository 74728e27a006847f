export { parseSince } from "./inputs/index.ts";
export { lakeViews } from "./lakeViews.ts";
export { testRules, type RuleTestFailure, type RuleTestReport } from "./ruleTests.ts";
export { scan, type Progress, type ScanOptions, type ScanResult } from "./scan.ts";
export { runWorker } from "./worker.ts";
